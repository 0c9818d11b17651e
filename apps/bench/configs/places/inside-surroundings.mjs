import { insideReading } from './_inside.mjs';

export default insideReading('inside-surroundings', { surroundings: true });

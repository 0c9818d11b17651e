import { placesReading } from './_signals.mjs';

export default placesReading('without-content', { content: false });

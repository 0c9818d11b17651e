import { placesReading } from './_signals.mjs';

export default placesReading('without-time', { time: false });

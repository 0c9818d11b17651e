import { placesReading } from './_signals.mjs';

export default placesReading('without-distance', { distance: false });

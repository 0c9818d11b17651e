import { placesReading } from './_signals.mjs';

export default placesReading('without-ids', { ids: false });

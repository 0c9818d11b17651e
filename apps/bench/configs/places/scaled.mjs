import { placesReading } from './_signals.mjs';

export default placesReading('scaled', { featureScale: 0.1 });

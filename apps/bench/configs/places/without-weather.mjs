import { placesReading } from './_signals.mjs';

export default placesReading('without-weather', { weather: false });

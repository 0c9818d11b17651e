/** `places` with half of its negatives drawn within a kilometre of a target. */
import base from './places.mjs';
export default {
  ...base,
  name: 'nearby',
  negatives: [
    { kind: 'nearby', radiusKm: 1, count: 1024 },
    { kind: 'uniform', count: 1024 },
  ],
};

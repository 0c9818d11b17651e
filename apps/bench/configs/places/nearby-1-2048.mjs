import base from './places.mjs';
export default {
  ...base,
  name: 'nearby',
  negatives: [
    { kind: 'nearby', radiusKm: 1, count: 2048 },
    { kind: 'uniform', count: 2048 },
  ],
};

import base from './places.mjs';
export default {
  ...base,
  name: 'nearby',
  negatives: [
    { kind: 'nearby', radiusKm: 3, count: 1024 },
    { kind: 'uniform', count: 1024 },
  ],
};

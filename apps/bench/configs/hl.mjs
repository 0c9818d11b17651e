import c from './complete-journey.mjs';
export default {
  ...c,
  data: { ...c.data, weights: { halfLife: 150 } },
  baselines: { als: { factors: 128, alpha: 1, regularization: 30 } },
};

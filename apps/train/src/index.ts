export { defineConfig } from './config/define-config.js';
export type { Config, DatasetConfig, ResolvedConfig } from './config/schema.js';
export type { ModelShapes } from './config/model-shapes.js';

// The hybrid of ALS and review texts, from a program.
export { Hybrid, type Explanation, type PredictOptions, type Prediction } from './hybrid/open-hybrid.js';
export { diversify } from './hybrid/diversify.js';

// What a config is written with, so that one import is enough.
export {
  bce,
  bpr,
  gatedTower,
  gruTower,
  infoNce,
  itemTower,
  mlpTower,
  mse,
  sampledSoftmax,
  twoTower,
  type Loss,
  type Tower,
  type TowerContext,
  type TwoTower,
} from '@towerkit/towers';

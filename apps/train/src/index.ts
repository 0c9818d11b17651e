export { defineConfig } from './config/define-config.js';
export type { Config, DatasetConfig, ResolvedConfig } from './config/schema.js';
export type { ModelShapes } from './config/model-shapes.js';

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

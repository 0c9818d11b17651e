export {
  addItems,
  compareArtifacts,
  defineConfig,
  evaluateArtifact,
  modelKinds,
  trainRecommender,
  updateArtifact,
  type Config,
  type DatasetConfig,
  type ModelShapes,
  type ResolvedConfig,
  type TrainedRecommender,
  type TrainRecommenderOptions,
  type UpdateArtifactOptions,
  type UpdatedArtifact,
} from '@towerkit/pipeline';
export { buildIndex, diversify, openArtifact, type Answer, type OpenArtifact } from '@towerkit/recommend';

// The hybrid of ALS and review texts, from a program.
export { Hybrid, type ProductExplanation, type PredictOptions, type Prediction } from '@towerkit/hybrid';

// What a config is written with, so that one import is enough.
export {
  bce,
  bpr,
  defineTower,
  distillation,
  gatedTower,
  gruTower,
  infoNce,
  itemTower,
  mlpTower,
  mse,
  rated,
  sampledSoftmax,
  selfAttentionTower,
  sumTower,
  twoTower,
  wholeSoftmax,
  type Loss,
  type Tower,
  type TowerContext,
  type TwoTower,
} from '@towerkit/towers';

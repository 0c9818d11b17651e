export {
  defineTower,
  type BatchRows,
  type HistoryInput,
  type InputTensor,
  type InputTensors,
  type ParameterTensor,
  type ParameterTensors,
  type Tower,
  type TowerContext,
  type TowerGates,
  type TowerInput,
  type TowerInputs,
} from './tower.js';
export { rowContext, servingContext, trainingContext } from './context.js';
export {
  constant,
  glorotUniform,
  heNormal,
  normal,
  randomUniform,
  zeros,
  type Parameter,
  type Parameters,
} from './parameters.js';
export { itemTower, type ItemTowerOptions } from './item-tower.js';
export { gruTower, type GruTowerOptions } from './gru-tower.js';
export { selfAttentionTower, type SelfAttentionTowerOptions } from './self-attention-tower.js';
export type { OtherInputs } from './other-inputs.js';
export { gatedTower, type GatedTowerOptions } from './gated-tower.js';
export { mlpTower, type CrossOptions, type MlpTowerOptions } from './mlp-tower.js';
export { sumTower, type SumTowerOptions } from './sum-tower.js';
export { attentionTower, type AttentionTowerOptions } from './attention-tower.js';
export type { PairHead } from './pairs/pair-head.js';
export { fusionHead, type FusionHeadOptions } from './pairs/fusion-head.js';
export { dotHead } from './pairs/dot-head.js';
export { pairModel, type PairModel } from './pairs/pair-model.js';
export { scope } from './scoped-names.js';
export { isId } from './input-dropout.js';
export type { ContentSimilarity } from './content-columns.js';
export { twoTower, type Tensors, type TwoTower, type TwoTowerOptions } from './two-tower.js';
export { activate, type Activation } from './layers/activation.js';
export { dense, denseParameters } from './layers/dense.js';
export { cross, crossParameters } from './layers/crosses.js';
export { gru } from './layers/gru.js';
export { batchNorm, layerNorm, normParameters, type Norm } from './layers/norm.js';
export { pairwiseProducts } from './layers/pairwise.js';
export { isMoment, perPosition } from './layers/per-position.js';
export { prefixMean } from './layers/prefix-mean.js';
export { logPartition } from './losses/log-partition.js';
export {
  isCandidate,
  negativeWeights,
  openPairs,
  positiveScores,
  type Loss,
  type LossBatch,
  type RatingScale,
} from './losses/loss.js';
export { refinedSoftmax } from './losses/refined-softmax.js';
export { sampledSoftmax } from './losses/sampled-softmax.js';
export { wholeSoftmax, type WholeSoftmaxOptions } from './losses/whole-softmax.js';
export { hardNegativeLoss } from './losses/hard-negatives.js';
export { infoNce } from './losses/info-nce.js';
export { bpr } from './losses/bpr.js';
export { bce, type BceOptions } from './losses/bce.js';
export { contrastive } from './losses/contrastive.js';
export { dislikes } from './losses/dislikes.js';
export { distillation, UNKNOWN_SCORE, type DistillationOptions } from './losses/distillation.js';
export { rated, type RatedOptions } from './losses/rated.js';
export { gbce } from './losses/gbce.js';
export { mse, type MseOptions } from './losses/mse.js';
export type { ErrorCode } from './error-code.js';

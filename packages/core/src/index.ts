export { TowerkitError, isTowerkitError } from './towerkit-error.js';
export type { ErrorCode } from './errors.js';
export { badOption, requireCount } from './options.js';
export { Matrix } from './matrix.js';
export { CsrMatrix } from './csr-matrix.js';
export { Vocabulary } from './vocabulary.js';
export type { ItemId, UserId } from './ids.js';
export { Rng, type RngState } from './rng.js';
export type { ProgressEvent, OnProgress } from './progress.js';
export type { FitOptions, Recommender, Recommendations, Reason, VectorScores } from './recommender.js';
export { topK } from './top-k.js';
export { principalComponents } from './principal-components.js';
export { frequencyScores, type FrequencyTerm } from './frequency-term.js';
export { isRepeats, REPEATS, requireRepeats, type Repeats } from './repeats.js';
export { encodeSafetensors, decodeSafetensors, type StoredTensor } from './safetensors.js';
export {
  safetensorsLayout,
  safetensorsStart,
  SAFETENSORS_TYPES,
  type SafetensorsLayout,
  type TensorPlace,
} from './safetensors-layout.js';
export { fillHistories } from './history-feed.js';

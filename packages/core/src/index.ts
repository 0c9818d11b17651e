export { TowerkitError, isTowerkitError } from './errors.js';
export { Matrix } from './matrix.js';
export { CsrMatrix } from './csr-matrix.js';
export { Vocabulary } from './vocabulary.js';
export { Rng, type RngState } from './rng.js';
export type { ProgressEvent, OnProgress } from './progress.js';
export type { FitOptions, Recommender, Recommendations, Reason } from './recommender.js';
export { topK } from './top-k.js';
export { encodeSafetensors, decodeSafetensors, type StoredTensor } from './safetensors.js';

export type { EncodeOptions, TextEncoder } from './text-encoder.js';
export { minilm, type MinilmOptions } from './minilm/minilm.js';
export { fitLsa, type LsaOptions } from './lsa/fit-lsa.js';
export { loadLsa, type LsaEncoder } from './lsa/lsa-encoder.js';
export { cached, type CachedEncoder, type CacheOptions } from './cache/cached.js';
export { runningMean, type RunningMeanOptions } from './running-mean.js';
export { RunningMeans } from './running-means.js';
export type { ErrorCode } from './error-code.js';

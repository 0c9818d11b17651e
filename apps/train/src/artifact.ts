// `towerkit/artifact`: artifacts read back, for programs that answer from them.
export { openArtifact, type OpenArtifact, type SavedModel } from './artifact/open.js';
export { fullHistories } from './artifact/questions.js';
export { encodeNewItems, type Encodings } from './artifact/encode-new-items.js';
export type { GateSummary } from './pipeline/summarize-gates.js';
export { openReviewEncoder } from './hybrid/hybrid-files.js';
export { HybridRecommender } from './hybrid/hybrid-recommender.js';
export { loadModel } from './models/load-model.js';
export { reopenEncoder } from './text/open-encoder.js';
export { textPlaces, type TextEncoding } from './text/text-encoding.js';

export { openArtifact, type BrowserArtifact } from './open-artifact.js';
export type { BrowserAnswer, OpenOptions } from './protocol.js';
export type { ErrorCode } from './errors.js';

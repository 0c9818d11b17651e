export {
  badArtifact,
  parseManifest,
  SCHEMA_VERSION,
  type ArtifactFacts,
  type ArtifactManifest,
} from './manifest.js';
export {
  readArtifactFile,
  requireUnchanged,
  verifyArtifact,
  versionOf,
  whileUnchanged,
  type VerifiedArtifact,
} from './verify-artifact.js';
export { snapshotArtifact } from './snapshot.js';
export { SnapshotFolder } from './snapshot-folder.js';
export { artifactFiles, holdArtifact } from './artifact-folder.js';
export { copyArtifact, rewriteArtifact, writeArtifact } from './write-artifact.js';
export { WatchedArtifact } from './watched-artifact.js';
export { readArtifact, type Artifact } from './read-artifact.js';
export type { HeldMoments } from './held-moments.js';
export { readArtifactTable } from './read-tables.js';
export { saveArtifact, writeItems, type ArtifactContents } from './save-artifact.js';
export { markUnlisted, readUnlisted } from './unlisted.js';
export type { ArtifactFeedback, PartFeedback } from './feedback.js';
export { copyFiles } from './copy-files.js';
export { readMatrices, writeMatrices, type StoredMatrices } from './matrices.js';
export { concatRows, fullDisliked, fullHistories, fullLeftOut, leftOutIn } from './histories.js';
export type { ErrorCode } from './errors.js';

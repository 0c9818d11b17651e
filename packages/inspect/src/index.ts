export { inspectFiles, type InspectOptions } from './inspect-files.js';
export { configText, type Places } from './propose/config-text.js';
export { chooseModel, type ModelChoice, type ModelKind } from './propose/choose-model.js';
export type { Inspection } from './inspection.js';
export { requireTrainable } from './propose/require-trainable.js';
export {
  configIn,
  CONFIGS,
  projectName,
  requireNoConfig,
  writeProject,
  type WrittenProject,
} from './project/write-project.js';
export type { ErrorCode } from './errors.js';
export { describeFacts, describeFiles, describeModel, describeTraps } from './report/describe.js';
export { inspectionResult } from './report/result.js';
export { findFiles } from './project/find-files.js';

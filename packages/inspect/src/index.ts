export { inspectFiles, type InspectOptions } from './inspect-files.js';
export { configText, type Places } from './propose/config-text.js';
export { chooseModel, type ModelChoice, type ModelKind } from './propose/choose-model.js';
export type { Inspection } from './inspection.js';

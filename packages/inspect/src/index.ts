export { inspectFiles, type InspectOptions } from './inspect-files.js';
export type { Inspection } from './inspection.js';

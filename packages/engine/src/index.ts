export { loadTfjs } from './load-tfjs.js';
export { createEngine, type EngineOptions } from './create-engine.js';
export type {
  CompiledFunction,
  CompileOptions,
  Engine,
  Feeds,
  RandomSource,
  RunResult,
  TensorFunction,
  TensorSpec,
} from './types.js';
export { exportOnnx, type ExportOptions } from './onnx/export.js';
export { loadOnnx, OnnxModel, type ModelTensor } from './onnx/load.js';
export type { SessionOptions } from './onnx/session.js';
export type { ErrorCode } from './error-code.js';

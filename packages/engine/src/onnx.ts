/**
 * ONNX models opened and run, without TensorFlow.js: nothing here loads it, nor the code that traces and compiles.
 *
 * @packageDocumentation
 */
export { loadOnnx, OnnxModel, type ModelTensor } from './onnx/load.js';
export type { SessionOptions } from './onnx/session.js';

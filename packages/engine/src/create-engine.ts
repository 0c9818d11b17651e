import { TowerkitError } from '@towerkit/core';

import { OnnxEngine } from './engines/onnx.js';
import { checkProviders } from './onnx/session.js';
import type { Engine } from './types.js';

/** Which engine, and how it runs. */
export interface EngineOptions {
  /** `'onnx'` by default. */
  kind?: 'onnx' | 'tfjs';
  /** Threads within an operation; by default, and with 0, as many as ONNX Runtime chooses. */
  threads?: number;
  /** For `'onnx'`: execution providers in order of preference, `['cpu']` by default. */
  executionProviders?: string[];
  /** For `'tfjs'`: the backend, `'auto'` by default: the first that is installed, in the order listed. */
  backend?: 'auto' | 'tfjs-node-gpu' | 'tfjs-node' | 'wasm' | 'cpu';
}

export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const { kind = 'onnx', threads = 0, executionProviders = ['cpu'] } = options;
  if (kind === 'onnx') {
    checkProviders(executionProviders);
    return new OnnxEngine({ threads, executionProviders });
  }
  throw new TowerkitError('BAD_ENGINE', `unknown engine '${String(kind)}'`);
}

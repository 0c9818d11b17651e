import { TowerkitError } from '@towerkit/core';

import { OnnxEngine } from './engines/onnx.js';
import { TfjsEngine } from './engines/tfjs.js';
import { BACKENDS, loadBackend } from './engines/tfjs-backends.js';
import { loadTfjs } from './load-tfjs.js';
import { GraphCache } from './onnx/graph-cache.js';
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
  /**
   * For `'onnx'`: a folder to keep compiled graphs in; it is made. A function that gives the same graph later, also in another
   * process, takes less time to compile. Nothing is kept by default.
   */
  cache?: string;
  /** For `'tfjs'`: the backend, `'auto'` by default: the first that is installed, in the order listed. */
  backend?: 'auto' | 'tfjs-node-gpu' | 'tfjs-node' | 'wasm' | 'cpu';
}

/**
 * Opens an engine.
 *
 * @throws TowerkitError `TFJS_MISSING`, `PROVIDER_UNAVAILABLE`, `BACKEND_NOT_INSTALLED`, or `BAD_ENGINE` for an unknown kind or backend
 *
 * @example
 * ```ts
 * const engine = await createEngine({ threads: 2 });
 * const f = await engine.compile(({ x }) => ({ loss: tf.sum(tf.square(x)) }), {
 *   inputs: { x: { shape: [3] } },
 *   gradient: { of: 'loss', wrt: ['x'] },
 * });
 * const { outputs, gradients } = await f.run({ x: Float32Array.of(1, 2, 3) }); // 14 and [2, 4, 6]
 * ```
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const { kind = 'onnx', threads = 0, executionProviders = ['cpu'], backend = 'auto', cache } = options;
  if (!Number.isSafeInteger(threads) || threads < 0)
    throw new TowerkitError('BAD_ENGINE', `threads must be a whole number, 0 or more, got ${threads}`);
  if (kind === 'onnx') {
    await loadTfjs();
    await checkProviders(executionProviders);
    const settings = { threads, executionProviders };
    return new OnnxEngine(settings, cache === undefined ? undefined : await GraphCache.open(cache, settings));
  }
  if (kind !== 'tfjs')
    throw new TowerkitError('BAD_ENGINE', `there is no engine '${String(kind)}'`, {
      hint: 'The engines are onnx and tfjs.',
    });
  if (backend !== 'auto' && !BACKENDS.includes(backend))
    throw new TowerkitError('BAD_ENGINE', `there is no backend '${String(backend)}'`, {
      hint: `The backends are auto, ${BACKENDS.join(', ')}.`,
    });
  await loadTfjs();
  const loaded = await loadBackend(backend);
  return new TfjsEngine(loaded.backend, loaded.name);
}

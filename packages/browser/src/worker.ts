import { isTowerkitError } from '@towerkit/core';
import type * as Ort from 'onnxruntime-web';

import { TowerkitError } from './errors.js';
import { BrowserModel, type Tower } from './model.js';
import type { Call, Opened, Reply } from './protocol.js';

/** Loaded from the URL that the page gives: a worker without a bundler has no other way. */
type Runtime = typeof Ort;

interface Scope {
  addEventListener(type: 'message', listener: (event: { data: Call & { id: number } }) => void): void;
  postMessage(reply: Reply): void;
}
const scope = globalThis as unknown as Scope;

let model: BrowserModel | undefined;
/** One question at a time: a session of ONNX Runtime is not asked twice at once. */
let turn: Promise<unknown> = Promise.resolve();

scope.addEventListener('message', ({ data: { id, ...call } }) => {
  turn = turn
    .then(() => answer(call as Call))
    .then(
      (value) => scope.postMessage({ id, value }),
      (error: unknown) => scope.postMessage({ id, error: plain(error) }),
    );
});

async function answer(call: Call): Promise<unknown> {
  if ('recommend' in call) return model!.recommend(call.recommend.history, call.recommend.k);
  const { url, runtime, cache } = call.open;
  model = await BrowserModel.open(url, cache, (bytes) => openTower(bytes, runtime));
  return { items: model.manifest.items, version: model.version } satisfies Opened;
}

/** @throws TowerkitError `NO_RUNTIME` where the runtime cannot be loaded; `BAD_ARTIFACT` for what is no model */
async function openTower(bytes: Uint8Array, runtime: string): Promise<Tower> {
  let ort: Runtime;
  try {
    const address = new URL('ort.wasm.min.mjs', runtime).href;
    ort = (await import(/* @vite-ignore */ /* webpackIgnore: true */ address)) as Runtime;
    Object.assign(ort.env.wasm, { wasmPaths: runtime, numThreads: 1 });
  } catch (cause) {
    throw new TowerkitError(
      'NO_RUNTIME',
      `there is no ONNX Runtime at ${runtime}: ${(cause as Error).message}`,
      {
        hint: 'copy ort.wasm.min.mjs, ort-wasm-simd-threaded.mjs and .wasm of onnxruntime-web/dist there',
        cause,
      },
    );
  }
  const session = await ort.InferenceSession.create(bytes).catch((cause: unknown) => {
    const { message } = cause as Error;
    const isRuntime = /wasm|backend|fetch/i.test(message);
    throw new TowerkitError(
      isRuntime ? 'NO_RUNTIME' : 'BAD_ARTIFACT',
      isRuntime
        ? `ONNX Runtime at ${runtime} does not start: ${message}`
        : `the user tower is no model: ${message}`,
      {
        hint: isRuntime ? 'copy the .mjs and .wasm files of one version there' : 'pack the artifact again',
        cause,
      },
    );
  });
  return {
    inputs: session.inputNames,
    run: async (feeds) => {
      const wanted = session.inputNames.map((name) => [
        name,
        new ort.Tensor('float32', feeds[name].data, feeds[name].shape),
      ]);
      return (await session.run(Object.fromEntries(wanted))).vectors.data as Float32Array;
    },
  };
}

function plain(error: unknown) {
  if (isTowerkitError(error)) {
    const { code, message, hint, details } = error;
    return { code, message, hint, details };
  }
  return { code: 'INTERNAL', message: String((error as Error)?.stack ?? error) };
}

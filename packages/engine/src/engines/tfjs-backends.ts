import { TowerkitError } from '@towerkit/core';

import { tfjs } from '../load-tfjs.js';
import { registerFallbackKernels } from './fallback-kernels.js';

/** The tfjs backends the eager engine knows, in the order in which `auto` tries them. */
export const BACKENDS = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'] as const;
export type Backend = (typeof BACKENDS)[number];

/** How tfjs calls each, and the package it comes in where that is not part of tfjs. */
const ORIGIN: Readonly<Record<Backend, { name: string; module?: string }>> = {
  'tfjs-node-gpu': { name: 'tensorflow', module: '@tensorflow/tfjs-node-gpu' },
  'tfjs-node': { name: 'tensorflow', module: '@tensorflow/tfjs-node' },
  wasm: { name: 'wasm', module: '@tensorflow/tfjs-backend-wasm' },
  cpu: { name: 'cpu' },
};

/**
 * Loads and initializes a backend and leaves the caller's choice of backend as it was.
 *
 * @returns which one it is, and tfjs's name for it
 * @throws TowerkitError `BACKEND_NOT_INSTALLED`
 */
export async function loadBackend(wanted: Backend | 'auto'): Promise<{ backend: Backend; name: string }> {
  if (wanted !== 'auto') return { backend: wanted, name: await initialize(wanted) };
  for (const backend of BACKENDS) {
    const name = await initialize(backend).catch(() => undefined);
    if (name) return { backend, name };
  }
  throw new TowerkitError('BACKEND_NOT_INSTALLED', 'no tfjs backend starts here');
}

async function initialize(backend: Backend): Promise<string> {
  await tfjs().ready(); // before an import adds a backend that tfjs would prefer to the caller's
  const { name, module } = ORIGIN[backend];
  try {
    if (module) await importQuietly(module);
    await start(name);
  } catch (cause) {
    throw notInstalled(backend, module, cause);
  }
  registerFallbackKernels(name);
  return name;
}

/** tfjs-node makes itself the current backend when it is imported. */
async function importQuietly(module: string): Promise<void> {
  const previous = tfjs().getBackend();
  await import(module);
  if (tfjs().getBackend() !== previous) await tfjs().setBackend(previous);
}

const starting = new Map<string, Promise<void>>();

/**
 * Initializes a backend without `tf.setBackend`, which would make it the current one for everybody, and lets
 * no other backend be used while it waits.
 */
function start(name: string): Promise<void> {
  const initialized = async () => {
    const { registry } = tfjs().engine();
    if (registry[name]) return;
    const factory = tfjs().findBackendFactory(name);
    if (!factory)
      throw new Error(`the package registers no tfjs backend '${name}'; is there a second copy of tfjs?`);
    const instance = await factory();
    registry[name] ??= instance;
  };
  let promise = starting.get(name);
  if (!promise) starting.set(name, (promise = initialized()));
  return promise;
}

function notInstalled(backend: Backend, module: string | undefined, cause: unknown): TowerkitError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new TowerkitError(
    'BACKEND_NOT_INSTALLED',
    `the tfjs backend ${backend} cannot be loaded: ${reason}`,
    {
      hint: module ? `Install it: npm install ${module}@4.22.0` : undefined,
      details: { backend },
      cause,
    },
  );
}

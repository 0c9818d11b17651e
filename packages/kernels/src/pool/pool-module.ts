import { TowerkitError } from '@towerkit/core';

import { POOL_BASE64 } from '../generated/pool.gen.js';

let compiled: WebAssembly.Module | undefined;

/**
 * The compiled kernels of the pool, once per process.
 *
 * @throws TowerkitError `UNSUPPORTED` where the runtime has no WebAssembly SIMD or threads
 */
export function poolModule(): WebAssembly.Module {
  try {
    compiled ??= new WebAssembly.Module(
      Uint8Array.from(atob(POOL_BASE64), (character) => character.charCodeAt(0)),
    );
    return compiled;
  } catch (cause) {
    throw new TowerkitError('UNSUPPORTED', 'this runtime has no WebAssembly SIMD with shared memory', {
      hint: 'Node 20.19 or newer has both',
      cause,
    });
  }
}

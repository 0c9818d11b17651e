import { TowerkitError } from '@towerkit/core';

import { kernelsModule } from './table-kernels.js';
import { layoutOf, MAX_PAGES } from './layout.js';
import { plainRows } from './plain-rows.js';
import type { RowStore } from './row-store.js';
import { wasmRows } from './wasm-rows.js';

/** Who computes on a table. */
export type Backend = 'wasm' | 'plain';

/** Memory for a table, on the backend asked for or the best there is. */
export function openStore(
  rows: number,
  dimensions: number,
  backend: 'auto' | Backend,
): { backend: Backend; store: RowStore } {
  if (backend !== 'plain') {
    const store = wasmStore(rows, dimensions);
    if (store) return { backend: 'wasm', store };
    if (backend === 'wasm')
      throw new TowerkitError('UNSUPPORTED', `no WebAssembly memory for a ${rows} x ${dimensions} table`, {
        hint: 'this needs WebAssembly SIMD and at most 4 GiB a table; the backend "plain" does not',
      });
  }
  try {
    return { backend: 'plain', store: plainRows(rows, dimensions) };
  } catch (cause) {
    throw new TowerkitError('TOO_LARGE', `no memory for a ${rows} x ${dimensions} table and its moments`, {
      cause,
    });
  }
}

function wasmStore(rows: number, dimensions: number): RowStore | undefined {
  const layout = layoutOf(rows, dimensions);
  if (layout.pages > MAX_PAGES) return undefined;
  const module = kernelsModule();
  if (!module) return undefined;
  try {
    return wasmRows(module, rows, dimensions, layout);
  } catch (error) {
    // A process has address space for so many memories and no more.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

import { instantiate } from './table-kernels.js';
import type { Layout } from './layout.js';
import type { RowStore } from './row-store.js';

/**
 * Rows in a WebAssembly memory of their own. It is sized once and never grows, so the views never detach;
 * ids and whole rows pass through its scratch, a chunk at a time.
 *
 * @throws RangeError where the memory cannot be had
 */
export function wasmRows(
  module: WebAssembly.Module,
  rows: number,
  dimensions: number,
  { values, first, second, ids: idsAt, batch: batchAt, chunk, pages }: Layout,
): RowStore {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const kernels = instantiate(module, memory);
  const { buffer } = memory;
  const size = rows * dimensions;
  const stride = 4 * dimensions;
  const ids = new Int32Array(buffer, idsAt, chunk);
  const batch = new Float32Array(buffer, batchAt, chunk * dimensions);
  return {
    values: new Float32Array(buffer, values, size),
    first: new Float32Array(buffer, first, size),
    second: new Float32Array(buffer, second, size),
    gather(wanted, count, out) {
      for (let from = 0; from < count; from += chunk) {
        const to = Math.min(count, from + chunk);
        ids.set(wanted.subarray(from, to));
        kernels.gatherRows(values, idsAt, batchAt, to - from, stride);
        out.set(batch.subarray(0, (to - from) * dimensions), from * dimensions);
      }
    },
    adam(touched, count, gradient, { gain1, gain2, rate, unbias, epsilon, decay }) {
      for (let from = 0; from < count; from += chunk) {
        const to = Math.min(count, from + chunk);
        const n = to - from;
        ids.set(touched.subarray(from, to));
        batch.set(gradient.subarray(from * dimensions, to * dimensions));
        // prettier-ignore
        if (dimensions === 1)
          kernels.adamScalars(values, first, second, idsAt, batchAt, n, gain1, gain2, rate, unbias, epsilon, decay);
        else
          kernels.adamRows(values, first, second, idsAt, batchAt, n, stride, gain1, gain2, rate, unbias, epsilon, decay);
      }
    },
  };
}

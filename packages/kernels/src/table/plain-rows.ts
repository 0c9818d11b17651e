import { copyRows } from './copy-rows.js';
import type { RowStore } from './row-store.js';

const { fround, sqrt } = Math;

/**
 * Rows in ordinary memory, computed on in JavaScript. Every operation is rounded to float32 as the kernel's is
 * (float64 in between changes nothing for + - * / and sqrt), so both give the same bits.
 */
export function plainRows(rows: number, dimensions: number): RowStore {
  const size = rows * dimensions;
  const values = new Float32Array(size);
  const first = new Float32Array(size);
  const second = new Float32Array(size);
  return {
    values,
    first,
    second,
    gather: (ids, count, out) => copyRows(values, dimensions, ids, count, out, dimensions),
    adam(ids, count, gradient, { gain1, gain2, rate, unbias, epsilon, decay }) {
      for (let row = 0, from = 0; row < count; row++) {
        const start = ids[row] * dimensions;
        for (let at = start; at < start + dimensions; at++, from++) {
          const g = gradient[from];
          const w = values[at];
          const m = fround(first[at] + fround(gain1 * fround(g - first[at])));
          const v = fround(second[at] + fround(gain2 * fround(fround(g * g) - second[at])));
          const spread = fround(fround(fround(sqrt(v)) * unbias) + epsilon);
          first[at] = m;
          second[at] = v;
          values[at] = w - fround(fround(decay * w) + fround(fround(rate * m) / spread));
        }
      }
    },
  };
}

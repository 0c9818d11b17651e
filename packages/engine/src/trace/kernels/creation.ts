import { sizesOf, type KernelFamily } from '../kernel.js';

export const creation: KernelFamily = {
  Fill: (g, _, { shape, value, dtype }) => g.fill(value, shape, dtype ?? 'float32'),
  Range: (g, _, { start, stop, step, dtype }) => {
    const empty = start === stop || (start < stop && step < 0) || (stop < start && step > 1);
    const size = empty ? 0 : Math.abs(Math.ceil((stop - start) / step));
    return g.add('Range', [], { start, delta: stop < start && step === 1 ? -1 : step, size, dtype });
  },
  LinSpace: (g, _, { start, stop, num }) => {
    const data = Float32Array.from({ length: num }, (_, i) =>
      i === 0 ? start : start + (i * (stop - start)) / (num - 1),
    );
    return g.constant(data, [num], 'float32');
  },
  /** A comparison with 0, 1, ... depth - 1: an index outside that range gives a row of `offValue`. */
  OneHot: (g, { indices }, { depth, onValue, offValue, dtype }) => {
    const classes = g.add('Range', [], { start: 0, delta: 1, size: depth, dtype: 'int32' });
    const hot = g.add('Equal', [g.reshape(g.cast(indices, 'int32'), [...sizesOf(indices), 1]), classes]);
    if (onValue === 1 && offValue === 0) return g.cast(hot, dtype);
    return g.add('Where', [hot, g.scalar(onValue, dtype), g.scalar(offValue, dtype)]);
  },
};

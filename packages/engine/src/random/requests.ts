import { TowerkitError, type Rng } from '@towerkit/core';

/** One tensor of random numbers that a function asked for. */
export interface RandomRequest {
  readonly kind: 'dropoutMask' | 'uniform' | 'normal';
  readonly shape: readonly number[];
  /** The probability of a zero, for a dropout mask. */
  readonly rate: number;
}

/** Draws what was requested. Sixteen bits of the generator make one mask entry: this runs in every step. */
export function draw({ kind, shape, rate }: RandomRequest, rng: Rng): Float32Array {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  if (kind === 'dropoutMask') fillMask(values, rate, rng);
  else if (kind === 'uniform')
    for (let i = 0; i < values.length; i++) values[i] = (rng.uint32() >>> 8) * 2 ** -24;
  else for (let i = 0; i < values.length; i++) values[i] = rng.normal();
  return values;
}

/** Why a run without an `Rng` is refused; both engines say the same. */
export const rngRequired = (): TowerkitError =>
  new TowerkitError('RNG_REQUIRED', 'the function asks for random numbers, and run was given no Rng', {
    hint: 'Call run(feeds, rng), or compile the function without randomness for evaluation.',
  });

/** Without branches, which would be mispredicted at every other entry. */
function fillMask(mask: Float32Array, rate: number, rng: Rng): void {
  const dropped = Math.min(Math.round(rate * 65536), 65535);
  const kept = 65536 / (65536 - dropped);
  const below = dropped - 1;
  const even = mask.length & ~1;
  for (let i = 0; i < even; i += 2) {
    const bits = rng.uint32();
    mask[i] = kept * ((below - (bits & 0xffff)) >>> 31);
    mask[i + 1] = kept * ((below - (bits >>> 16)) >>> 31);
  }
  if (even < mask.length) mask[even] = kept * ((below - (rng.uint32() & 0xffff)) >>> 31);
}

import { TowerkitError } from '../errors.js';

/** What seeds a random draw: a safe integer, or a source of numbers uniform in [0, 1). */
export type Seed = number | (() => number);

/**
 * The source a seed stands for. From a number: sfc32 (Chris Doty-Humphrey, PractRand), 53 bits a draw; a source is
 * taken as it is, each draw checked.
 *
 * @throws TowerkitError `BAD_SEED` for a number that is not a safe integer, and when a source leaves [0, 1)
 */
export function uniformSource(seed: Seed): () => number {
  if (typeof seed === 'function')
    return () => {
      const draw = seed();
      if (!(draw >= 0 && draw < 1))
        throw new TowerkitError('BAD_SEED', `the source drew ${draw}, not in [0, 1)`);
      return draw;
    };
  if (!Number.isSafeInteger(seed))
    throw new TowerkitError('BAD_SEED', `a seed must be an integer or a function, got ${seed}`);
  let a = 0x9e3779b9;
  let b = seed | 0;
  let c = Math.floor(seed / 2 ** 32) | 0;
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
}

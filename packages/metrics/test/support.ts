import { expect } from '@jest/globals';

/** A small generator of the tests' own (mulberry32), so that they do not lean on what they test. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole number in [0, bound). */
export const below = (uniform: () => number, bound: number): number => Math.floor(uniform() * bound);

/** What a coded error looks like. */
export const coded = (code: string): Error =>
  expect.objectContaining({ name: 'TowerkitError', code }) as unknown as Error;

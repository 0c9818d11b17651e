import type { Impression } from '../../src/index.js';

/** An interleaved answer of three items, two of them of the first arm. */
export const impression = (id: string, more: Partial<Impression> = {}): Impression => ({
  id,
  at: 0,
  experiment: 'interleave',
  arms: ['old', 'new'],
  version: '1+2',
  items: ['a', 'b', 'c'],
  teams: [0, 1, 0],
  ...more,
});

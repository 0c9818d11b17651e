import type { Prepared, StartReport } from '@towerkit/pipeline';

import { grouped } from './tables.js';

type Vectors = Prepared['vectors'];

/** How vectors of files and the items, or users, fit together: a line for each feature. */
export const describeVectors = (what: 'item' | 'user', { overlap, encodings }: Vectors): string[] =>
  Object.entries(overlap).map(
    ([name, { without, unused }]) =>
      `${name}: vectors of ${grouped(encodings[name].dimensions)} dimensions; ${grouped(without)} ${what}s without a vector, ` +
      `${grouped(unused)} vectors of no ${what}`,
  );

/** The same for a program; absent where there are none. */
export function vectorsResult(sides: Readonly<Partial<Record<'item' | 'user', Vectors>>>) {
  const all = Object.entries(sides).map(([what, { overlap, encodings }]) => {
    const features = Object.entries(overlap).map(([name, { without, unused }]) => [
      name,
      {
        dimensions: encodings[name].dimensions,
        [`${what}s_without_vector`]: without,
        vectors_of_none: unused,
      },
    ]);
    return [what, Object.fromEntries(features) as Record<string, Record<string, number>>] as const;
  });
  const some = all.filter(([, features]) => Object.keys(features).length > 0);
  return some.length > 0 ? { vectors: Object.fromEntries(some) } : {};
}

/** What vectors start from, one line. */
export const describeStart = ({ side, from, matched, fresh }: StartReport): string =>
  `start: vectors of ${grouped(matched)} ${side}s from ${from}; ${grouped(fresh)} ${side}s start anew`;

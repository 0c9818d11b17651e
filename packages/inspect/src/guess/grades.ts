import type { ColumnProfile } from '../profile/column-profile.js';

/** Words of judges, by what they are worth between 0 (irrelevant) and 1 (a perfect match); as in ESCI, WANDS and TREC. */
const SCALES: readonly Readonly<Record<string, number>>[] = [
  { e: 1, s: 0.1, c: 0.01, i: 0 },
  { exact: 1, substitute: 0.1, complement: 0.01, irrelevant: 0 },
  { exact: 1, partial: 0.5, irrelevant: 0 },
  { perfect: 1, excellent: 0.8, good: 0.5, fair: 0.2, bad: 0 },
  {
    relevant: 1,
    partially: 0.5,
    'partially relevant': 0.5,
    irrelevant: 0,
    'not relevant': 0,
    nonrelevant: 0,
  },
  { true: 1, false: 0 },
  { yes: 1, no: 0 },
];

/**
 * What each value of a column of grades in words is worth, from 0 to 1.
 *
 * @returns undefined for a column of something else, or of one grade
 */
export function gradesOf({
  values,
}: Pick<ColumnProfile, 'values'>): Readonly<Record<string, number>> | undefined {
  if (!values || values.length < 2) return undefined;
  const plain = (value: string) =>
    value
      .toLowerCase()
      .replace(/[\s_-]+/g, ' ')
      .trim();
  const scale = SCALES.find((one) => values.every((value) => Object.hasOwn(one, plain(value))));
  return scale && Object.fromEntries(values.map((value) => [value, scale[plain(value)]]));
}

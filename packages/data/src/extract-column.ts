import { TowerkitError } from './errors.js';
import type { FeatureKind } from './column-types.js';
import { numberOf } from './missing.js';

/** A column made of a part of another one's text, such as the year in `Toy Story (1995)`. */
export interface ExtractedColumn {
  /** The column it is taken from, by its name among the columns that are read. */
  readonly from: string;
  /** A regular expression with one group, which is the value: `\\((\\d{4})\\)$`. */
  readonly pattern: string;
}

/**
 * Checks the pattern of a column to be extracted.
 *
 * @returns the expression, or what is wrong with it
 */
export function extractionPattern(pattern: string): RegExp | string {
  try {
    // The empty alternative always matches, so that the groups can be counted.
    const groups = new RegExp(`${pattern}|`, 'u').exec('')!.length - 1;
    return groups === 1
      ? new RegExp(pattern, 'u')
      : `it has ${groups} groups in parentheses, and needs one: the value`;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Takes a column out of another's texts.
 *
 * @param texts shape [rows], null where missing
 * @param type what it holds; numbers if every part that was found says one, when not named
 * @returns shape [rows]: Float64Array with NaN, or texts with null, where the pattern finds nothing
 * @throws TowerkitError `BAD_OPTION` for a pattern that is none or has not one group
 *
 * @example
 * ```ts
 * extractColumn('year', ['Heat (1995)', 'Untitled'], { from: 'title', pattern: '\\((\\d{4})\\)$' }); // [1995, NaN]
 * ```
 */
export function extractColumn(
  name: string,
  texts: readonly (string | null)[],
  { from, pattern }: ExtractedColumn,
  type?: FeatureKind,
): (string | null)[] | Float64Array {
  const expression = extractionPattern(pattern);
  if (typeof expression === 'string')
    throw new TowerkitError('BAD_OPTION', `extract.${name}: pattern ${pattern}: ${expression}`, {
      hint: `such as { from: ${JSON.stringify(from)}, pattern: '([0-9]+)' }`,
    });
  const found = texts.map((text) => (text === null ? null : (expression.exec(text)?.[1] ?? null)));
  const numbers = found.map((part) => numberOf(part ?? ''));
  return type === 'text' || numbers.includes(undefined)
    ? found
    : Float64Array.from(numbers, (number) => number ?? NaN);
}

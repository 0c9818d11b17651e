import type { Layout } from '../files/sniff.js';
import { wordsOf } from '../guess/names.js';
import type { ColumnProfile } from '../profile/column-profile.js';

/** Names that a config has for something else. */
const TAKEN = [
  'id',
  'title',
  'history',
  'bias',
  'user',
  'item',
  'time',
  'hour',
  'weekday',
  'month',
  'season',
];

/** Whether a file names its columns itself. */
const isNamed = ({ header, columnNames }: Layout) => columnNames === undefined || header === true;

/**
 * What columns of a table are called in a config: their own names as plain words, each once. Columns without a name get one
 * by what they are.
 *
 * @param what word before the numbers of columns without a name
 */
export function featureNames(
  layout: Layout,
  columns: readonly ColumnProfile[],
  what: string,
): ReadonlyMap<ColumnProfile, string> {
  const seen = new Set(TAKEN);
  const names = new Map<ColumnProfile, string>();
  for (const column of columns) {
    const plain = isNamed(layout) ? wordsOf(column.name).join('_') : '';
    let name = plain === '' || /^\d/.test(plain) ? `${what}_${column.place + 1}` : plain;
    while (seen.has(name)) name = `${what}_${name}`;
    seen.add(name);
    names.set(column, name);
  }
  return names;
}

/**
 * The name of each column as a config must give it: those of the file, or for a file without names those of roles.
 *
 * @param roles names of columns by their place
 */
export function columnNames(
  layout: Layout,
  roles: ReadonlyMap<number, string>,
): readonly string[] | undefined {
  if (layout.columnNames === undefined) return undefined;
  if (isNamed(layout)) return layout.columnNames;
  return layout.columnNames.map((_, place) => roles.get(place) ?? `column_${place + 1}`);
}

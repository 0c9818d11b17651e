import { TowerkitError } from './errors.js';
import type { InputFile } from './input-file.js';
import { shown } from './shown.js';
import type { Lines, Place } from './source.js';

/** What to do with a row that cannot be used: stop with `BAD_ROW`, or leave it out and count it. */
export type OnBadRow = 'error' | 'skip';

/** A row that was left out and spans several lines: more than one row may be lost with it. */
export interface SpannedLines extends Lines {
  /** Name of the file. */
  readonly file: string;
}

/** The one-line error for a row that cannot be used. */
export function badRow(
  file: InputFile,
  place: Place,
  column: string | undefined,
  reason: string,
  advice = 'mend the row',
): TowerkitError {
  const where = placeOf(place);
  const what = column === undefined ? reason : `column "${column}": ${reason}`;
  return new TowerkitError('BAD_ROW', `${file.name}, ${where}: ${what}`, {
    hint: `${advice}, or leave such rows out with onBadRow: 'skip'`,
    details: { file: file.path, ...place, column, reason },
  });
}

/** The one-line error for an id that a file has twice. */
export function repeatedId(
  file: InputFile,
  what: string,
  id: string,
  [first, second]: readonly Place[],
): TowerkitError {
  return new TowerkitError(
    'DUPLICATE_ID',
    `${file.name}, ${placeOf(second)}: the ${what} ${shown(id)} is on ${placeOf(first)} already`,
    {
      hint: `keep the first row of each ${what} with onBadRow: 'skip'`,
      details: { file: file.path, ...second, id },
    },
  );
}

/** Where a row stands, in words. */
export const placeOf = (place: Place): string => ('row' in place ? `row ${place.row}` : linesOf(place));

const linesOf = ({ line, lines }: Lines) =>
  lines > 1
    ? `line ${line}, a record of ${lines.toLocaleString('en')} lines to line ${line + lines - 1}`
    : `line ${line}`;

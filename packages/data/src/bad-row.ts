import { TowerkitError } from './errors.js';
import type { InputFile } from './input-file.js';
import type { Place } from './source.js';

/** What to do with a row that cannot be used: stop with `BAD_ROW`, or leave it out and count it. */
export type OnBadRow = 'error' | 'skip';

/** The one-line error for a row that cannot be used. */
export function badRow(
  file: InputFile,
  place: Place,
  column: string | undefined,
  reason: string,
): TowerkitError {
  const where = 'line' in place ? `line ${place.line}` : `row ${place.row}`;
  const what = column === undefined ? reason : `column "${column}": ${reason}`;
  return new TowerkitError('BAD_ROW', `${file.name}, ${where}: ${what}`, {
    hint: "mend the row, or leave such rows out with onBadRow: 'skip'",
    details: { file: file.path, ...place, column, reason },
  });
}

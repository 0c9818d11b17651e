import type { LogGuess } from '../guess/choose-log.js';
import { mayBeId } from '../guess/joins.js';
import { nameScore } from '../guess/names.js';
import type { ProfiledFile } from '../guess/tables.js';
import type { ListRows } from './joined.js';

/** Different names from which a list may be one of items, where its column does not say so. */
const MANY = 20;

/**
 * A file whose rows hold lists of what was taken: objects with an item each, or, where no file is a log as it stands, plain
 * values beside a column of ids.
 *
 * @param log the surest log of the files as they stand
 */
export function listRows(
  files: readonly ProfiledFile[],
  log: LogGuess | undefined,
): { readonly file: ProfiledFile; readonly joined: ListRows } | undefined {
  for (const file of log ? [log.file] : files)
    for (const { objects, name } of file.profiles) {
      if (!objects || !objects.some((key) => nameScore(`${name}.${key}`, 'item') > 2)) continue;
      return {
        file,
        joined: { kind: 'lists', file: file.path, column: name, keys: objects, separator: 'json' },
      };
    }
  if (log) return undefined;
  const lists = files.flatMap((file) =>
    file.profiles.flatMap((column) => {
      const named = nameScore(column.name, 'item') > 2;
      const beside = file.profiles.some((other) => other !== column && mayBeId(other));
      if (!column.list || !beside || (!named && column.list.names < MANY)) return [];
      return [{ file, column, list: column.list, points: (named ? 1e6 : 0) + column.list.names }];
    }),
  );
  const [best] = lists.sort((a, b) => b.points - a.points);
  if (!best) return undefined;
  const { file, column, list } = best;
  const separator = column.arrays ? 'json' : list.separator;
  return { file, joined: { kind: 'lists', file: file.path, column: column.name, separator } };
}

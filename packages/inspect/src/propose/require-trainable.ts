import { TowerkitError } from '../errors.js';
import type { Inspection } from '../inspection.js';

/**
 * Refuses files that no model can be trained on.
 *
 * @throws TowerkitError `MISSING_COLUMN` for a file of one column, or files of which none has users and items in its rows;
 *   `NO_OVERLAP` for files that share no id with the log; `EMPTY_DATA` for a log in which nobody has two items
 */
export function requireTrainable({ files, log, facts, apart }: Inspection): void {
  if (!log) {
    const [file] = files;
    if (files.length === 1 && file.columns.length < 2)
      throw new TowerkitError(
        'MISSING_COLUMN',
        `${file.name} has one column, "${file.columns[0]}": interactions need a user and an item`,
        {
          hint: 'see whether something else than , ; | or tabs separates its values',
          details: { file: file.path, found: [...file.columns] },
        },
      );
    const names = files.map(({ name }) => name).join(', ');
    throw new TowerkitError(
      'MISSING_COLUMN',
      `no columns of ${names} look like users and items of interactions`,
      {
        hint: 'a log has a row for each time somebody took something: name that file, or its columns with --user and --item',
        details: { files: files.map(({ path, columns }) => ({ path, columns: [...columns] })) },
      },
    );
  }
  const [other] = apart;
  if (other)
    throw new TowerkitError(
      'NO_OVERLAP',
      other.what === 'log'
        ? `${other.file.name} and ${log.file.name} are two logs that share no user and no item`
        : `${other.file.name} looks like a table of ${other.what}, and has none of those of ${log.file.name}`,
      {
        hint: `see that both use the same ids: the one has ${other.theirs}, the other ${other.ours}; or leave one out`,
        details: { files: [other.file.path, log.file.path] },
      },
    );
  if (facts!.users < 2 || facts!.items < 2)
    throw new TowerkitError(
      'EMPTY_DATA',
      `${log.file.name} has ${facts!.users} users and ${facts!.items} items: nothing to learn from`,
      {
        hint: 'a model needs several users with several items each',
      },
    );
}

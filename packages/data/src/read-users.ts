import { Vocabulary, type UserId } from '@towerkit/core';

import { readEntities, type EntityTable, type ReadEntitiesOptions } from './read-entities.js';

/** Users and what is known of each. */
export interface UserTable extends Omit<EntityTable, 'names'> {
  /** Ids in the order of the file; a dense id is a row of `table`, not a user of a log. */
  readonly users: Vocabulary<UserId>;
}

/**
 * Reads a table of users from CSV, TSV, JSON lines or Parquet.
 *
 * @throws TowerkitError what {@link readInteractions} throws; `DUPLICATE_ID` for an id on two rows, naming file and line
 *
 * @example
 * ```ts
 * const { users, table } = await readUsers({
 *   path: 'households.parquet',
 *   columns: { id: 'household_id', age: 'age', since: 'joined' },
 *   types: { age: 'text', since: 'date' },
 * });
 * table.get('age', users.indexOf('1')!); // '65+'
 * ```
 */
export async function readUsers(options: ReadEntitiesOptions): Promise<UserTable> {
  const { names, ...rest } = await readEntities('user', options);
  return { users: new Vocabulary(names), ...rest };
}

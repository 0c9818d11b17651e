import type { Artifact } from '@towerkit/artifact';
import { Vocabulary } from '@towerkit/core';
import { readInteractions, takeColumns } from '@towerkit/data';
import { extname } from 'node:path';

import type { Recipe } from '../config/recipe.js';
import { sourceOf } from '../data/locate-dataset.js';
import { idsIn } from '../data/matrix-rows.js';
import { momentColumnsOf, momentFields } from '../data/moment-columns.js';
import type { AskedTargets } from './questions.js';

/**
 * The rows of a file as targets that are asked for one after the other, each at its own moment where the artifact's config reads
 * moments: by user, and within a user by time.
 *
 * @param names of the users, in the order of the targets
 * @throws TowerkitError what reading throws, such as `MISSING_COLUMN` for a file without the times or the columns of moments
 */
export async function readRollingTargets(
  { items }: Artifact,
  { data: { dataset, moment } }: Recipe,
  path: string,
  names: readonly string[],
): Promise<AskedTargets> {
  const { columns, ...source } = sourceOf(dataset ?? '', 'any').interactions!;
  const { user, item, time, position } = columns!;
  const log = await readInteractions({
    // A file of another form is read as its own name says.
    ...(extname(source.file) === extname(path) ? source : { timeUnit: source.timeUnit }),
    path,
    columns: { user, item, time, position, ...(moment && momentFields(moment)) },
  });
  const ids = idsIn(log.items.names, items);
  const rowOf = idsIn(log.users.names, new Vocabulary(names));
  const rows: number[][] = names.map(() => []);
  log.user.forEach((user, row) => {
    if (rowOf[user] >= 0) rows[rowOf[user]].push(row);
  });
  return {
    targets: rows.map((own) => own.map((row) => ids[log.item[row]])),
    questions: 'rolling',
    ...(moment && { moments: takeColumns(momentColumnsOf(log, moment), rows.flat()) }),
  };
}

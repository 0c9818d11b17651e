import type { Artifact } from '@towerkit/artifact';
import { isTowerkitError, Vocabulary, type CsrMatrix } from '@towerkit/core';
import { readTargets, type Targets } from '@towerkit/data';
import { basename } from 'node:path';

import { sourceOf } from '../data/locate-dataset.js';
import type { Recipe } from '../config/recipe.js';
import { TowerkitError } from '../errors.js';

/** What a file of targets says of users and items that are not known. */
export interface UnknownTargets {
  /** Users of the file, and their rows. */
  readonly users: number;
  readonly userRows: number;
  /** Items of the file, and their rows. */
  readonly items: number;
  readonly itemRows: number;
}

/** The pairs of a file, and what is known of those who are asked about. */
export interface AskedPairs {
  /** Users are rows of `histories`. */
  readonly pairs: Targets;
  /** All that is known of the users, [users, items]. */
  readonly histories: CsrMatrix;
  /** The artifact's id of each user, -1 for one it does not know by name: [users]. */
  readonly ids: Int32Array;
}

/** Targets of a file by the rows of the users they belong to. */
export interface FileTargets {
  readonly pairs: Targets;
  /** Items of each user, [users], each once; -1 for one that the artifact does not know. */
  readonly lists: readonly (readonly number[])[];
  readonly unknown: UnknownTargets;
}

/**
 * Reads a file of targets under the column names of the artifact's data set: users and items, a row for each item, and
 * ratings where it has that column.
 *
 * @param names of the users, in the order of `lists`
 * @throws TowerkitError `NO_OVERLAP` where none of its users, or none of its items, is known; what reading throws, such as
 *   `MISSING_COLUMN` with the columns found
 */
export async function readFileTargets(
  { items, folder }: Artifact,
  { data }: Recipe,
  path: string,
  names: readonly string[],
): Promise<FileTargets> {
  const { user, item, rating } = sourceOf(data.dataset ?? '', 'any').interactions!.columns!;
  const known = { path, users: new Vocabulary(names), items };
  const plain = { user, item };
  const pairs = await readTargets({ ...known, columns: { ...plain, rating } }).catch((error: unknown) => {
    const lacksRatings = isTowerkitError(error, 'MISSING_COLUMN') && error.details.column === rating;
    if (!lacksRatings) throw error;
    return readTargets({ ...known, columns: plain });
  });
  requireShared(pairs, basename(path), folder);
  const lists: number[][] = names.map(() => []);
  const seen = new Set<string>();
  pairs.user.forEach((row, pair) => {
    if (row < 0) return;
    const key = `${row} ${pairs.item[pair]} ${pairs.unknownItem[pair]}`;
    if (seen.has(key)) return;
    seen.add(key);
    lists[row].push(pairs.item[pair]);
  });
  const { unknownUsers, unknownItems, unknown } = pairs;
  return {
    pairs,
    lists,
    unknown: {
      users: unknown.users.size,
      userRows: unknownUsers,
      items: unknown.items.size,
      itemRows: unknownItems,
    },
  };
}

/** @throws TowerkitError `NO_OVERLAP` with ids of the file */
function requireShared({ user, unknownUsers, unknownItems, unknown }: Targets, file: string, folder: string) {
  const refuse = (what: 'user' | 'item', names: readonly string[]) => {
    throw new TowerkitError('NO_OVERLAP', `${file}: none of its ${what}s is known to ${folder}`, {
      hint: `its ${what}s are such as "${names[0]}": give the ids that the artifact was trained with`,
      details: { file, [`${what}s`]: names.slice(0, 10) },
    });
  };
  if (unknownUsers === user.length) refuse('user', unknown.users.names);
  if (unknownItems === user.length) refuse('item', unknown.items.names);
}

import { Rng, type Matrix } from '@towerkit/core';
import { gatherRows, matchRows, type Vectors } from '@towerkit/data';
import { itemSide, readSideVectors, userSide } from '@towerkit/features';
import type { TwoTower } from '@towerkit/towers';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

import type { ResolvedConfig } from '../config/schema.js';
import type { Prepared } from '../data/prepare.js';
import { TowerkitError } from '../errors.js';
import { artifactFactors } from './artifact-factors.js';
import { idTable } from './id-table.js';
import { scaled, type StartingTables } from './start-from-factors.js';

/** What vectors of a side started from. */
export interface StartReport {
  readonly side: 'item' | 'user';
  /** Name of the artifact's folder, or of the file. */
  readonly from: string;
  /** Users or items whose vectors were found, and those whose vectors are drawn. */
  readonly matched: number;
  readonly fresh: number;
}

/** Standard deviation that towers start their vectors with where they say nothing else. */
const STDDEV = 0.02;

/**
 * Vectors of ids to start from, where the config has `start.items` or `start.users`: those of an artifact or a file, matched by
 * id and scaled by one number to the mean norm of the config; ids that it lacks get the small random values they would have
 * had.
 *
 * The factors of other models differ in length by orders of magnitude (the first steps of a softmax over products of long vectors
 * only undo them), and what they know is in their directions and in the lengths beside each other: one number keeps both.
 *
 * @throws TowerkitError `BAD_CONFIG` for a tower without ids; `SHAPE_MISMATCH` for vectors of another width than the tower's, or a
 *   file without ids; `NO_OVERLAP` where no id is shared; `NO_VECTORS` for an artifact of another kind; what reading throws
 */
export async function startFromVectors(
  model: TwoTower,
  { log, catalog, users }: Pick<Prepared, 'log' | 'catalog' | 'users'>,
  { start, seed }: Pick<ResolvedConfig, 'start' | 'seed'>,
): Promise<{ tables: StartingTables; reports: readonly StartReport[] }> {
  const tables: Record<string, Matrix> = {};
  const reports: StartReport[] = [];
  const sides = [
    { wish: start?.items, side: itemSide(log, catalog) },
    { wish: typeof start?.users === 'string' ? undefined : start?.users, side: userSide(log, users?.table) },
  ];
  for (const { wish, side } of sides) {
    if (!start || !wish) continue;
    const { what, names } = side;
    const { key, table } = idTable(model, what);
    const from = basename(wish.from);
    const { vectors, ids } = await vectorsOf(side, wish);
    if (vectors.cols !== table.dimensions)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `start.${what}s: ${from} has vectors of ${vectors.cols} dimensions, the ${what} tower's ids have ${table.dimensions}`,
        { hint: 'give both the same width', details: { from: wish.from } },
      );
    const { rows, without } = matchRows(names, ids, what, from);
    const rng = new Rng(seed).fork(`start/${key}`);
    tables[key] = filled(scaled(gatherRows(vectors, rows), start.norm), rows, table.stddev ?? STDDEV, rng);
    reports.push({ side: what, from, matched: names.size - without, fresh: without });
  }
  return { tables, reports };
}

async function vectorsOf(
  side: ReturnType<typeof itemSide>,
  { from, ...parts }: NonNullable<NonNullable<ResolvedConfig['start']>['items']>,
): Promise<Required<Vectors>> {
  const found = await stat(from).catch(() => undefined);
  return found?.isDirectory()
    ? artifactFactors(from, side.what)
    : readSideVectors(side, { file: from, ...parts }, '.');
}

/** Normal draws in the rows that nothing was found for. */
function filled(matrix: Matrix, rows: Int32Array, stddev: number, rng: Rng): Matrix {
  rows.forEach((row, place) => {
    if (row >= 0) return;
    const own = matrix.row(place);
    for (let i = 0; i < own.length; i++) own[i] = stddev * rng.normal();
  });
  return matrix;
}

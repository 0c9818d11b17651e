import { concatRows, fullHistories, type Artifact } from '@towerkit/artifact';
import { CsrMatrix, Vocabulary } from '@towerkit/core';
import { readTargets, toHistories, type InteractionLog, type Split } from '@towerkit/data';
import type { CsrRows } from '@towerkit/metrics';

import { TowerkitError } from '../errors.js';
import { recipeOf, type Recipe } from '../config/recipe.js';
import { locateDataset, sourceOf } from '../data/locate-dataset.js';
import { readData } from '../data/read-data.js';
import { readSplit } from '../data/read-split.js';

/** Rows to evaluate on: for each a history and the targets after it, in the artifact's item ids. */
export interface Questions {
  /** Part that the targets are of. */
  readonly on: 'validation' | 'test' | 'file';
  /** Rows x items. */
  readonly histories: CsrMatrix;
  /** Row by row; -1 for an item the artifact does not know. */
  readonly targets: CsrRows;
  /** The artifact's id of each row's user, -1 for one it does not know by name. */
  readonly users: Int32Array;
  /** Users with targets but without a history, who are left out. */
  readonly unknownUsers: number;
  /** Rows of the files that were read whose item the artifact does not know. */
  readonly unknownItems: { readonly targets: number; readonly histories: number };
}

/** Where the questions come from. */
export interface QuestionOptions {
  /** Read the histories from here instead of the artifact. */
  readonly data?: string;
  /** A file of user and item pairs, in place of targets of the artifact's own. */
  readonly targets?: string;
  /** Which of the artifact's own targets: by default the test targets where there are any, else the validation targets. */
  readonly on?: 'validation' | 'test';
}

/**
 * The questions for an artifact. Validation targets come after the training rows, test targets after the training and
 * the validation rows, those of a file after all that is known of a user.
 *
 * @throws TowerkitError `NO_TARGETS` when the artifact has no such targets; what reading throws
 */
export function readQuestions(
  artifact: Artifact,
  { data, targets, on }: QuestionOptions = {},
): Promise<Questions> {
  if (targets !== undefined) return fileQuestions(artifact, data, targets);
  return heldBackQuestions(artifact, data, on ?? (artifact.test ? 'test' : 'validation'));
}

async function heldBackQuestions(
  artifact: Artifact,
  data: string | undefined,
  on: 'validation' | 'test',
): Promise<Questions> {
  const { folder, users, items } = artifact;
  if (!artifact[on]) throw noTargets(artifact, on);
  if (data === undefined) {
    const parts = { train: artifact.histories, validation: artifact.validation, test: artifact.test };
    return assemble(artifact, on, users.names, { matrix: historiesBefore(on, parts) }, listsOf(artifact[on]));
  }
  const recipe = recipeOf(artifact);
  const { log, split } = await readSplit(await locateDataset(recipe.data, data, ''), recipe);
  if (!split[on])
    throw new TowerkitError('NO_TARGETS', `${data} is split without a ${on} part, and ${folder} has one`, {
      hint: 'give the data the artifact was trained on, or targets with --targets FILE',
    });
  const ids = itemIds(log, artifact);
  const targets = listsOf(split[on]).map((row) => row.map((item) => ids[item]));
  return assemble(
    artifact,
    on,
    log.users.names,
    translated(historiesBefore(on, split), ids, items.size),
    targets,
  );
}

/** Histories before the targets of a part. */
export function historiesBefore(
  on: 'validation' | 'test',
  { train, validation }: { readonly train: CsrMatrix; readonly validation?: CsrMatrix },
): CsrMatrix {
  return on === 'test' && validation ? concatRows(train, validation) : train;
}

function noTargets({ folder, manifest }: Artifact, on: 'validation' | 'test'): TowerkitError {
  const refitted = manifest.model.refit === true && on === 'validation';
  return new TowerkitError(
    'NO_TARGETS',
    refitted
      ? `${folder} was refitted on its validation targets`
      : `${folder} holds no ${on} targets: its split has no ${on} part`,
    {
      hint: refitted
        ? 'give targets it has not seen with --targets FILE'
        : `train with a split that has a ${on} part, such as leave-last-two-out, or give --targets FILE`,
    },
  );
}

async function fileQuestions(artifact: Artifact, data: string | undefined, path: string): Promise<Questions> {
  const recipe = recipeOf(artifact);
  const { names, histories } =
    data === undefined
      ? { names: artifact.users.names, histories: { matrix: fullHistories(artifact) } }
      : await readAll(artifact, recipe, data);
  const { user, item } = sourceOf(recipe.data.dataset ?? '', 'any').interactions!.columns!;
  const pairs = await readTargets({
    path,
    columns: { user, item },
    users: new Vocabulary(names),
    items: artifact.items,
  });
  const targets: number[][] = names.map(() => []);
  pairs.user.forEach((row, pair) => row >= 0 && targets[row].push(pairs.item[pair]));
  const questions = assemble(artifact, 'file', names, histories, targets);
  return {
    ...questions,
    unknownUsers: questions.unknownUsers + pairs.unknownUsers,
    unknownItems: { ...questions.unknownItems, targets: pairs.unknownItems },
  };
}

async function readAll(artifact: Artifact, recipe: Recipe, data: string) {
  const log = await readLog(recipe, data);
  return {
    names: log.users.names,
    histories: translated(toHistories(log), itemIds(log, artifact), artifact.items.size),
  };
}

/** Every row there is, those of files that were held back included. */
async function readLog(recipe: Recipe, path: string): Promise<InteractionLog> {
  const dataset = await locateDataset(recipe.data, path, '');
  const inParts = recipe.split === undefined && dataset.source.interactions?.heldBack !== undefined;
  return (inParts ? await readSplit(dataset, recipe) : await readData(dataset, recipe.data)).log;
}

const listsOf = (matrix: Split['validation'] | undefined): Int32Array[] =>
  matrix ? Array.from({ length: matrix.rows }, (_, row) => matrix.row(row)) : [];

/** The artifact's id of each item of a log, -1 for one it does not know. */
const itemIds = (log: InteractionLog, { items }: Artifact) =>
  Int32Array.from(log.items.names, (name) => items.indexOf(name) ?? -1);

/** Histories in the artifact's ids, and how many rows were left out of them because it does not know the item. */
interface Translated {
  readonly matrix: CsrMatrix;
  readonly unknown?: number;
}

function translated(matrix: CsrMatrix, ids: Int32Array, items: number): Translated {
  const rows = Array.from({ length: matrix.rows }, (_, row) =>
    matrix
      .row(row)
      .map((item) => ids[item])
      .filter((id) => id >= 0),
  );
  const known = CsrMatrix.fromRows(rows, items);
  return { matrix: known, unknown: matrix.entries - known.entries };
}

/** Keeps the rows that have a target and a history. */
function assemble(
  artifact: Artifact,
  on: Questions['on'],
  names: readonly string[],
  { matrix: histories, unknown = 0 }: Translated,
  targets: readonly ArrayLike<number>[],
): Questions {
  const rows: number[] = [];
  let unknownUsers = 0;
  targets.forEach((own, row) => {
    if (own.length === 0) return;
    if (histories.indptr[row + 1] > histories.indptr[row]) rows.push(row);
    else unknownUsers++;
  });
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((row, r) => (indptr[r + 1] = indptr[r] + targets[row].length));
  const indices = new Int32Array(indptr[rows.length]);
  rows.forEach((row, r) => indices.set(targets[row], indptr[r]));
  return {
    on,
    histories: CsrMatrix.fromRows(
      rows.map((row) => histories.row(row)),
      histories.cols,
    ),
    targets: { indptr, indices },
    users: Int32Array.from(rows, (row) => artifact.users.indexOf(names[row]) ?? -1),
    unknownUsers,
    unknownItems: {
      targets: targets.reduce((sum, own) => sum + Array.from(own).filter((item) => item < 0).length, 0),
      histories: unknown,
    },
  };
}

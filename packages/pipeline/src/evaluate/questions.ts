import {
  fullHistories,
  fullLeftOut,
  leftOutIn,
  concatRows,
  type Artifact,
  type ArtifactFeedback,
} from '@towerkit/artifact';
import { CsrMatrix } from '@towerkit/core';
import {
  dislikedOf,
  historiesOf,
  takenOf,
  takeColumns,
  toHistories,
  TRAIN,
  type InteractionLog,
  type RowColumns,
  type Split,
} from '@towerkit/data';

import { TowerkitError } from '../errors.js';
import { recipeOf, type Recipe } from '../config/recipe.js';
import { locateDataset } from '../data/locate-dataset.js';
import { momentColumnsOf } from '../data/moment-columns.js';
import { readLog, readSplit } from '../data/read-split.js';
import { askEach, type Questions } from './ask-each.js';
import { readFileTargets } from './file-targets.js';

/** Where the questions come from. */
export interface QuestionOptions {
  /** Read the histories from here instead of the artifact. */
  readonly data?: string;
  /** A file of user and item pairs under the data set's column names, in place of targets of the artifact's own. */
  readonly targets?: string;
  /** Which of the artifact's own targets: by default the test targets where there are any, else the validation targets. */
  readonly on?: 'validation' | 'test';
}

/**
 * The questions for an artifact. Validation targets come after the training rows, test targets after the training and
 * the validation rows, those of a file after all that is known of a user.
 *
 * @throws TowerkitError `NO_TARGETS` when the artifact has no such targets; `NO_OVERLAP` for a file that shares no user or no
 *   item with it; what reading throws
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
    const parts = { train: artifact.histories, validation: artifact.validation };
    const known = knownBefore(on, parts, artifact.feedback);
    return assemble(artifact, on, users.names, known, listsOf(artifact[on]), artifact.moments?.[on]);
  }
  const recipe = recipeOf(artifact);
  const { log, split, feedback } = await readSplit(await locateDataset(recipe.data, data, ''), recipe);
  if (!split[on])
    throw new TowerkitError('NO_TARGETS', `${data} is split without a ${on} part, and ${folder} has one`, {
      hint: 'give the data the artifact was trained on, or targets with --targets FILE',
    });
  const ids = itemIds(log, artifact);
  const { moment } = recipe.data;
  const rows = split.rows?.[on];
  const targets = listsOf(split[on]).map((row) => row.map((item) => ids[item]));
  const parts = feedback ? { ...split, train: historiesOf(feedback.rows, (part) => part === TRAIN) } : split;
  const known = knownBefore(on, parts, feedback?.parts);
  return assemble(
    artifact,
    on,
    log.users.names,
    translated(known, ids, items.size),
    targets,
    moment && rows && takeColumns(momentColumnsOf(log, moment), rows),
  );
}

/** What is known of users before the targets of a part, and what is not ranked for them. */
export function knownBefore(
  on: 'validation' | 'test',
  { train, validation }: { readonly train: CsrMatrix; readonly validation?: CsrMatrix },
  feedback: ArtifactFeedback | undefined,
): Known {
  const later = on === 'test' ? (feedback?.validation?.history ?? validation) : undefined;
  const matrix = later ? concatRows(train, later) : train;
  if (!feedback) return { matrix };
  const between = on === 'test' && feedback.validation ? [feedback.validation] : [];
  return { matrix, leftOut: leftOutIn(feedback.train, ...between) };
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
  const { data: own, ...rest } = recipeOf(artifact);
  const recipe = { ...rest, data: { ...own, moment: undefined } }; // targets of a file say nothing of their moments
  const { names, known } =
    data === undefined
      ? { names: artifact.users.names, known: allOf(artifact) }
      : await readAll(artifact, recipe, data);
  const { pairs, lists, unknown } = await readFileTargets(artifact, recipe, path, names);
  const questions = assemble(artifact, 'file', names, known, lists);
  const ids = Int32Array.from(names, (name) => artifact.users.indexOf(name) ?? -1);
  return {
    ...questions,
    file: { pairs, histories: known.matrix, ids, unknown },
    unknownUsers: questions.unknownUsers + unknown.users,
    unknownItems: { ...questions.unknownItems, targets: unknown.itemRows },
  };
}

const allOf = (artifact: Artifact): Known => ({
  matrix: fullHistories(artifact),
  ...(artifact.feedback && { leftOut: fullLeftOut(artifact) }),
});

/** Every row there is, those of files that were held back included. */
async function readAll(artifact: Artifact, recipe: Recipe, path: string) {
  const { log, rows } = await readLog(await locateDataset(recipe.data, path, ''), recipe);
  const known = rows
    ? { matrix: historiesOf(rows), leftOut: leftOutIn({ taken: takenOf(rows), disliked: dislikedOf(rows) }) }
    : { matrix: toHistories(log) };
  return { names: log.users.names, known: translated(known, itemIds(log, artifact), artifact.items.size) };
}

const listsOf = (matrix: Split['validation'] | undefined): Int32Array[] =>
  matrix ? Array.from({ length: matrix.rows }, (_, row) => matrix.row(row)) : [];

/** The artifact's id of each item of a log, -1 for one it does not know. */
const itemIds = (log: InteractionLog, { items }: Artifact) =>
  Int32Array.from(log.items.names, (name) => items.indexOf(name) ?? -1);

/** Histories in the artifact's ids, what is not ranked, and how many rows were left out because it does not know the item. */
interface Known {
  readonly matrix: CsrMatrix;
  readonly leftOut?: CsrMatrix;
  readonly unknown?: number;
}

function translated({ matrix, leftOut }: Known, ids: Int32Array, items: number): Known {
  const knownItems = (of: CsrMatrix) =>
    CsrMatrix.fromRows(
      Array.from({ length: of.rows }, (_, row) =>
        of
          .row(row)
          .map((item) => ids[item])
          .filter((id) => id >= 0),
      ),
      items,
    );
  const known = knownItems(matrix);
  return {
    matrix: known,
    ...(leftOut && { leftOut: knownItems(leftOut) }),
    unknown: matrix.entries - known.entries,
  };
}

/**
 * Keeps the rows that have a target and a history.
 *
 * @param moments columns by name, with a value for each target of every row; each is then a question of its own
 */
function assemble(
  artifact: Artifact,
  on: Questions['on'],
  names: readonly string[],
  { matrix: histories, leftOut, unknown = 0 }: Known,
  targets: readonly ArrayLike<number>[],
  moments?: RowColumns,
): Questions {
  const rows: number[] = [];
  const first: number[] = [];
  let before = 0;
  let unknownUsers = 0;
  targets.forEach((own, row) => {
    if (own.length === 0) return;
    if (histories.indptr[row + 1] > histories.indptr[row]) {
      rows.push(row);
      first.push(before);
    } else unknownUsers++;
    before += own.length;
  });
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((row, r) => (indptr[r + 1] = indptr[r] + targets[row].length));
  const indices = new Int32Array(indptr[rows.length]);
  rows.forEach((row, r) => indices.set(targets[row], indptr[r]));
  const asked = (of: CsrMatrix) =>
    CsrMatrix.fromRows(
      rows.map((row) => of.row(row)),
      of.cols,
    );
  const questions: Questions = {
    on,
    histories: asked(histories),
    ...(leftOut && { leftOut: asked(leftOut) }),
    targets: { indptr, indices },
    users: Int32Array.from(rows, (row) => artifact.users.indexOf(names[row]) ?? -1),
    unknownUsers,
    unknownItems: {
      targets: targets.reduce((sum, own) => sum + Array.from(own).filter((item) => item < 0).length, 0),
      histories: unknown,
    },
  };
  return moments ? askEach(questions, Int32Array.from(first), moments) : questions;
}

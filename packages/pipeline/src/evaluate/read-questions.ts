import {
  fullDisliked,
  fullHistories,
  fullLeftOut,
  leftOutIn,
  concatRows,
  type Artifact,
  type ArtifactFeedback,
} from '@towerkit/artifact';
import type { CsrMatrix } from '@towerkit/core';
import {
  dislikedOf,
  historiesOf,
  takenOf,
  takeColumns,
  toHistories,
  TRAIN,
  type FeedbackRows,
  type Split,
} from '@towerkit/data';

import { TowerkitError } from '../errors.js';
import { recipeOf, type Recipe } from '../config/recipe.js';
import { locateDataset } from '../data/locate-dataset.js';
import { idsIn, inIds } from '../data/matrix-rows.js';
import { momentColumnsOf } from '../data/moment-columns.js';
import { readLog, readSplit } from '../data/read-split.js';
import { readFileTargets } from './file-targets.js';
import { assembleQuestions, type Known, type Questions } from './questions.js';
import { readRollingTargets } from './rolling-targets.js';

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
 * the validation rows, those of a file after all that is known of a user; and, where the config says `questions: 'rolling'`, each
 * after those before it.
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
    return assembleQuestions(artifact, on, users.names, known, {
      targets: listsOf(artifact[on]),
      moments: artifact.moments?.[on],
      questions: recipeOf(artifact).questions,
    });
  }
  const recipe = recipeOf(artifact);
  const { log, split, feedback } = await readSplit(await locateDataset(recipe.data, data, ''), recipe);
  if (!split[on])
    throw new TowerkitError('NO_TARGETS', `${data} is split without a ${on} part, and ${folder} has one`, {
      hint: 'give the data the artifact was trained on, or targets with --targets FILE',
    });
  const ids = idsIn(log.items.names, artifact.items);
  const { moment } = recipe.data;
  const rows = split.rows?.[on];
  const targets = listsOf(split[on]).map((row) => row.map((item) => ids[item]));
  const parts = feedback ? { ...split, train: historiesOf(feedback.rows, (part) => part === TRAIN) } : split;
  const known = knownBefore(on, parts, feedback?.parts);
  return assembleQuestions(artifact, on, log.users.names, translated(known, ids, items.size), {
    targets,
    questions: recipe.questions,
    ...(moment && rows && { moments: takeColumns(momentColumnsOf(log, moment), rows) }),
  });
}

/** What is known of users before the targets of a part, and what is not ranked for them, or never. */
export function knownBefore(
  on: 'validation' | 'test',
  { train, validation }: { readonly train: CsrMatrix; readonly validation?: CsrMatrix },
  feedback: ArtifactFeedback | undefined,
): Known {
  const later = on === 'test' ? (feedback?.validation?.history ?? validation) : undefined;
  const matrix = later ? concatRows(train, later) : train;
  if (!feedback) return { matrix };
  const between = on === 'test' ? feedback.validation : undefined;
  return {
    matrix,
    leftOut: leftOutIn(feedback.train, ...(between ? [between] : [])),
    disliked: fullDisliked({ feedback: { train: feedback.train, validation: between } }),
  };
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
  const rolling = rest.questions === 'rolling';
  // Targets that are asked for together say nothing of their moments.
  const recipe = rolling ? { ...rest, data: own } : { ...rest, data: { ...own, moment: undefined } };
  const { names, known } =
    data === undefined
      ? { names: artifact.users.names, known: allOf(artifact) }
      : await readAll(artifact, recipe, data);
  const { pairs, lists, unknown } = await readFileTargets(artifact, recipe, path, names);
  const questions = assembleQuestions(
    artifact,
    'file',
    names,
    known,
    rolling ? await readRollingTargets(artifact, recipe, path, names) : { targets: lists },
  );
  const ids = idsIn(names, artifact.users);
  return {
    ...questions,
    file: { pairs, histories: known.matrix, ids, unknown },
    unknownUsers: questions.unknownUsers + unknown.users,
    unknownItems: { ...questions.unknownItems, targets: unknown.itemRows },
  };
}

const allOf = (artifact: Artifact): Known => ({
  matrix: fullHistories(artifact),
  ...(artifact.feedback && { leftOut: fullLeftOut(artifact), disliked: fullDisliked(artifact) }),
});

/** Every row there is, those of files that were held back included. */
async function readAll(artifact: Artifact, recipe: Recipe, path: string) {
  const { log, rows } = await readLog(await locateDataset(recipe.data, path, ''), recipe);
  const known = rows ? knownOf(rows) : { matrix: toHistories(log) };
  return {
    names: log.users.names,
    known: translated(known, idsIn(log.items.names, artifact.items), artifact.items.size),
  };
}

function knownOf(rows: FeedbackRows): Known {
  const disliked = dislikedOf(rows);
  return { matrix: historiesOf(rows), leftOut: leftOutIn({ taken: takenOf(rows), disliked }), disliked };
}

const listsOf = (matrix: Split['validation'] | undefined): Int32Array[] =>
  matrix ? Array.from({ length: matrix.rows }, (_, row) => matrix.row(row)) : [];

function translated({ matrix, leftOut, disliked }: Known, ids: Int32Array, items: number): Known {
  const known = inIds(matrix, ids, items);
  return {
    matrix: known,
    ...(leftOut && { leftOut: inIds(leftOut, ids, items) }),
    ...(disliked && { disliked: inIds(disliked, ids, items) }),
    unknown: matrix.entries - known.entries,
  };
}

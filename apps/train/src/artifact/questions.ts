import { TowerkitError, Vocabulary, type CsrMatrix } from '@towerkit/core';
import { readTargets, toHistories, type InteractionLog } from '@towerkit/data';
import type { CsrRows } from '@towerkit/metrics';

import { locateDataset, sourceOf } from '../pipeline/locate-dataset.js';
import { readData } from '../pipeline/read-data.js';
import { readSplit } from '../pipeline/read-split.js';
import { concatRows } from '../pipeline/split-log.js';
import { matrixOf, type OpenArtifact } from './open.js';

/** What an artifact is asked: for each row a history and what followed it, in the artifact's item ids. */
export interface Questions {
  /** Rows x items. */
  readonly histories: CsrMatrix;
  /** Row by row; -1 for an item the artifact does not know. */
  readonly targets: CsrRows;
  /** The artifact's id of each row's user, -1 for one it does not know by name. */
  readonly users: Int32Array;
  /** Targets of users without a history, whom nobody can be asked about. */
  readonly unknownUsers: number;
}

/** Where the questions come from. */
export interface QuestionOptions {
  /** Read the histories from here instead of the artifact. */
  readonly data?: string;
  /** A file of user and item pairs; the validation targets by default. */
  readonly targets?: string;
}

/**
 * The questions for an artifact. Validation targets are asked after the training rows; those of a file after all
 * that is known of a user.
 *
 * @throws TowerkitError `NO_TARGETS` when the artifact has none of its own; what reading throws
 */
export function askFor(artifact: OpenArtifact, { data, targets }: QuestionOptions): Promise<Questions> {
  return targets === undefined ? validationQuestions(artifact, data) : fileQuestions(artifact, data, targets);
}

async function validationQuestions(artifact: OpenArtifact, data: string | undefined): Promise<Questions> {
  const { folder, manifest, config, users, items, histories, validation } = artifact;
  if (manifest.model.refit === true)
    throw new TowerkitError(
      'NO_TARGETS',
      `${folder} was refitted on every row, the validation targets included`,
      {
        hint: 'give targets it has not seen with --targets FILE',
      },
    );
  if (data === undefined) {
    const targets = users.names.map((_, user) => validation?.row(user) ?? []);
    return assemble(artifact, users.names, histories, targets);
  }
  const { log, split } = await readSplit(await locateDataset(config.data, data, ''), config);
  const ids = itemIds(log, artifact);
  const targets = log.users.names.map((_, user) => split.validation.row(user).map((item) => ids[item]));
  return assemble(artifact, log.users.names, translated(split.train, ids, items.size), targets);
}

async function fileQuestions(
  artifact: OpenArtifact,
  data: string | undefined,
  path: string,
): Promise<Questions> {
  const { names, histories } = data === undefined ? stored(artifact) : await readAll(artifact, data);
  const { user, item } = sourceOf(artifact.config.data.dataset ?? '', 'any').interactions!.columns!;
  const pairs = await readTargets({
    path,
    columns: { user, item },
    users: new Vocabulary(names),
    items: artifact.items,
  });
  const targets: number[][] = names.map(() => []);
  pairs.user.forEach((row, pair) => row >= 0 && targets[row].push(pairs.item[pair]));
  const questions = assemble(artifact, names, histories, targets);
  return { ...questions, unknownUsers: questions.unknownUsers + pairs.unknownUsers };
}

const stored = (artifact: OpenArtifact) => ({
  names: artifact.users.names,
  histories: fullHistories(artifact),
});

/** Everything an artifact knows its users had, oldest to newest: what it was trained on, then what was held back. */
export const fullHistories = ({
  histories,
  validation,
  test,
}: Pick<OpenArtifact, 'histories' | 'validation' | 'test'>) =>
  concatRows(histories, ...(validation ? [validation] : []), ...(test ? [test] : []));

async function readAll(artifact: OpenArtifact, data: string) {
  const log = await readLog(artifact, data);
  return {
    names: log.users.names,
    histories: translated(toHistories(log), itemIds(log, artifact), artifact.items.size),
  };
}

/** Every row there is, those of files that were held back included. */
async function readLog({ config }: OpenArtifact, path: string): Promise<InteractionLog> {
  const dataset = await locateDataset(config.data, path, '');
  const inParts = config.split === undefined && dataset.source.interactions?.heldBack !== undefined;
  return (inParts ? await readSplit(dataset, config) : await readData(dataset, config.data)).log;
}

/** The artifact's id of each item of a log, -1 for one it does not know. */
const itemIds = (log: InteractionLog, { items }: OpenArtifact) =>
  Int32Array.from(log.items.names, (name) => items.indexOf(name) ?? -1);

/** Rows in the artifact's ids, the items it does not know left out. */
function translated(matrix: CsrMatrix, ids: Int32Array, items: number): CsrMatrix {
  const rows = Array.from({ length: matrix.rows }, (_, row) =>
    matrix
      .row(row)
      .map((item) => ids[item])
      .filter((id) => id >= 0),
  );
  return matrixOf(rows, items);
}

/** Keeps the rows that have a target and a history. */
function assemble(
  artifact: OpenArtifact,
  names: readonly string[],
  histories: CsrMatrix,
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
    histories: matrixOf(
      rows.map((row) => histories.row(row)),
      histories.cols,
    ),
    targets: { indptr, indices },
    users: Int32Array.from(rows, (row) => artifact.users.indexOf(names[row]) ?? -1),
    unknownUsers,
  };
}

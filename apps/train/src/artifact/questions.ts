import { TowerkitError, type CsrMatrix } from '@towerkit/core';
import { readTargets, toHistories, type InteractionLog } from '@towerkit/data';
import type { CsrRows } from '@towerkit/metrics';

import { locateDataset, sourceOf } from '../pipeline/locate-dataset.js';
import { core, readData } from '../pipeline/read-data.js';
import { concatRows, splitLog } from '../pipeline/split-log.js';
import type { OpenArtifact } from './open.js';
import { matrixOf } from './open.js';

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

/** Which questions to ask. */
export interface QuestionOptions {
  /** Read the histories from here instead of the artifact's own. */
  readonly data?: string;
  /** A file of user and item pairs; the validation targets by default. */
  readonly targets?: string;
}

/**
 * The questions for an artifact. The validation targets come after the training rows; a file's targets come after
 * all that is known of a user.
 *
 * @throws TowerkitError `NO_TARGETS` when the artifact has none of its own; what reading throws
 */
export async function askFor(artifact: OpenArtifact, { data, targets }: QuestionOptions): Promise<Questions> {
  if (targets === undefined && artifact.manifest.model.refit === true)
    throw new TowerkitError('NO_TARGETS', `${artifact.folder} was refitted on all rows, its validation targets too`, {
      hint: 'give targets it has not seen with --targets FILE',
    });
  const histories = data === undefined ? stored(artifact) : await read(artifact, data);
  return targets === undefined ? ownTargets(artifact, histories) : fileTargets(artifact, histories, targets);
}

/** What is known of some users, in the artifact's item ids. */
interface Known {
  /** Name of each row's user. */
  readonly names: readonly string[];
  readonly train: CsrMatrix;
  /** What was held back for validation, with -1 for unknown items. */
  readonly validation: readonly ArrayLike<number>[];
  /** All rows of each user, oldest to newest. */
  readonly all: CsrMatrix;
}

function stored(artifact: OpenArtifact): Known {
  const { users, histories, validation, test } = artifact;
  return {
    names: users.names,
    train: histories,
    validation: Array.from({ length: users.size }, (_, user) => validation?.row(user) ?? []),
    all: fullHistories({ histories, validation, test }),
  };
}

/** Everything an artifact knows its users had, oldest to newest: what it was trained on and what was held back. */
export const fullHistories = ({ histories, validation, test }: Pick<OpenArtifact, 'histories' | 'validation' | 'test'>) =>
  concatRows(histories, ...(validation ? [validation] : []), ...(test ? [test] : []));

async function read(artifact: OpenArtifact, path: string): Promise<Known> {
  const { config } = artifact;
  const dataset = await locateDataset({ ...config.data, generate: undefined }, path, '');
  const { log } = await readData(dataset, config.data);
  // Its own k-core decided what it was trained on; a user is nevertheless known by all their rows.
  const split = splitOrNone(core(log, config.data.kCore), artifact);
  return { names: log.users.names, all: translated(toHistories(log), log, artifact), ...split };
}

function splitOrNone(log: InteractionLog, artifact: OpenArtifact) {
  const { train, validation } = splitLog(log, artifact.config.split, artifact.config.seed);
  const ids = idsOf(log, artifact);
  return {
    core: log.users.names,
    train: translated(train, log, artifact),
    validation: Array.from({ length: validation.rows }, (_, row) => validation.row(row).map((item) => ids[item])),
  };
}

const idsOf = (log: InteractionLog, { items }: OpenArtifact) =>
  Int32Array.from(log.items.names, (name) => items.indexOf(name) ?? -1);

/** A matrix in the artifact's item ids, without the items it does not know. */
function translated(matrix: CsrMatrix, log: InteractionLog, artifact: OpenArtifact): CsrMatrix {
  const ids = idsOf(log, artifact);
  const rows = Array.from({ length: matrix.rows }, (_, row) => matrix.row(row).map((item) => ids[item]).filter((id) => id >= 0));
  return matrixOf(rows, artifact.items.size);
}

function ownTargets(artifact: OpenArtifact, { names, train, validation }: Known): Questions {
  return assemble(artifact, names, train, (row) => validation[row]);
}

async function fileTargets(artifact: OpenArtifact, { names, all }: Known, path: string): Promise<Questions> {
  const { interactions } = sourceOf(artifact.config.data.dataset!, 'any');
  const { user, item } = interactions?.columns ?? { user: 'user_id', item: 'item_id' };
  void [artifact, names, all, path, user, item, readTargets];
  throw new Error('todo');
}

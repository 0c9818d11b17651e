import { fullDisliked, fullHistories, fullLeftOut, type Artifact } from '@towerkit/artifact';
import { CsrMatrix, Vocabulary } from '@towerkit/core';
import { setImmediate as turn } from 'node:timers/promises';

import type { Piece } from './protocol.js';

/** What is known of an artifact without its model. */
export interface ArtifactTables {
  readonly items: Vocabulary;
  readonly users: Vocabulary;
  readonly titles?: readonly (string | null)[];
  /** Columns of the catalog by name, [items]. */
  readonly catalog: Readonly<Record<string, ArrayLike<unknown>>>;
  readonly counts: Int32Array;
  /** All that is known of what users had, users x items, oldest first. */
  readonly histories: CsrMatrix;
  /** Items that answers for a user leave out, users x items, where these are not those of the histories. */
  readonly leftOut?: CsrMatrix;
  /** Those that they leave out also where they repeat what was had, users x items; absent where nothing is disliked. */
  readonly disliked?: CsrMatrix;
}

/** Values of a piece: so many are taken in without others waiting long. */
const PIECE = 2 ** 12;

const CATALOG = 'catalog/';
/** Matrices of users and items beside the histories, by the prefix of their columns. */
const MATRICES = ['leftOut', 'disliked'] as const;

type Values = Piece['values'];

/** A column that comes in pieces. */
interface Column {
  readonly values: Values;
  taken: number;
}

/** The tables of an artifact, in pieces for another process. */
export function* piecesOf(artifact: Artifact): Generator<Piece> {
  const { users, catalog, counts } = artifact;
  const { indptr, indices } = fullHistories(artifact);
  const columns: Record<string, Values> = { users: users.names, counts, indptr, indices };
  if (artifact.feedback) {
    const told = { leftOut: fullLeftOut(artifact), disliked: fullDisliked(artifact)! };
    for (const name of MATRICES)
      Object.assign(columns, {
        [`${name}/indptr`]: told[name].indptr,
        [`${name}/indices`]: told[name].indices,
      });
  }
  for (const [name, values] of Object.entries(catalog)) columns[CATALOG + name] = values as Values;
  for (const [column, values] of Object.entries(columns))
    for (let start = 0; start === 0 || start < values.length; start += PIECE)
      yield { column, length: values.length, values: values.slice(start, start + PIECE) };
}

/** Puts the pieces together again, a little at a time. */
export class TableReader {
  readonly #columns = new Map<string, Column>();

  take({ column, length, values }: Piece): void {
    const isTyped = ArrayBuffer.isView(values);
    let all = this.#columns.get(column);
    if (!all) {
      all = { values: isTyped ? new (values.constructor as Int32ArrayConstructor)(length) : [], taken: 0 };
      this.#columns.set(column, all);
    }
    if (isTyped) (all.values as Int32Array).set(values, all.taken);
    else for (const value of values) (all.values as unknown[]).push(value);
    all.taken += values.length;
  }

  async read(): Promise<ArtifactTables> {
    const columns = [...this.#columns].map(([name, { values }]) => [name, values] as const);
    const get = <T>(name: string) => this.#columns.get(name)?.values as T;
    const catalog = Object.fromEntries(
      columns.flatMap(([name, values]) =>
        name.startsWith(CATALOG) ? [[name.slice(CATALOG.length), values]] : [],
      ),
    );
    const items = new Vocabulary(catalog.id as string[]);
    await turn();
    const users = new Vocabulary(get<string[]>('users'));
    await turn();
    const rows = (prefix: string) =>
      new CsrMatrix(users.size, items.size, get(`${prefix}indptr`), get(`${prefix}indices`));
    const told = MATRICES.filter((name) => this.#columns.has(`${name}/indptr`));
    return {
      ...{ items, users, catalog, counts: get('counts') },
      titles: catalog.title as ArtifactTables['titles'],
      histories: rows(''),
      ...Object.fromEntries(told.map((name) => [name, rows(`${name}/`)])),
    };
  }
}

/** Histories that a new artifact is tried with. */
const TRIALS = 32;
/** Items of each, the newest: longer ones ask for so many candidates that an index in memory scans instead. */
const TRIAL_LENGTH = 20;

/** Some of the histories, spread over the users. */
export function trialHistories(artifact: Artifact): number[][] {
  const histories = fullHistories(artifact);
  const step = Math.max(1, Math.floor(histories.rows / TRIALS));
  const found: number[][] = [];
  for (let user = 0; user < histories.rows && found.length < TRIALS; user += step) {
    const row = histories.row(user);
    if (row.length > 0) found.push(Array.from(row.subarray(-TRIAL_LENGTH)));
  }
  return found;
}

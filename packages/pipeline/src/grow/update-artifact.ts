import {
  copyArtifact,
  fullHistories,
  holdArtifact,
  readArtifact,
  readArtifactTable,
  readUnlisted,
  versionOf,
  type VerifiedArtifact,
} from '@towerkit/artifact';
import { badOption, requireCount } from '@towerkit/core';
import { fingerprint, type Catalog, type OnBadRow } from '@towerkit/data';
import { createEngine } from '@towerkit/engine';
import { hasIndex, twoTowerFactsOf } from '@towerkit/recommend';
import { computeItemVectors, itemGates, twoTowerFacts, userGates } from '@towerkit/training';
import { resolve } from 'node:path';

import { configOf } from '../config/recipe.js';
import { summarizeGates } from '../evaluate/summarize-gates.js';
import { continueTraining, type ContinueOptions } from './continue-training.js';
import { chained, requirePlain, twoTowerAt, updatesOf } from './earlier-training.js';
import { grownColumns } from './grown-features.js';
import { mergeRows } from './merge-rows.js';
import { readNewRows } from './read-new-rows.js';
import { writeUpdate } from './write-update.js';

/** Options of {@link updateArtifact}. */
export interface UpdateArtifactOptions extends Partial<ContinueOptions> {
  readonly artifact: string;
  /** New interactions: a file, or a folder as `train` takes one, under the data set's column names. */
  readonly data: string;
  /** A file with the catalog's columns, for items that are new; the folder's own catalog when absent and there is one. */
  readonly items?: string;
  /** Where the updated artifact goes. Default: in place of the old one. */
  readonly out?: string;
  /** The function of the config that it was trained with; the default model when absent. */
  readonly model?: ContinueOptions['model'];
  /** Passes over the examples. Default 2. */
  readonly epochs?: number;
  /** Old examples learned again for each new one, so that they are not forgotten. Default 1. */
  readonly replay?: number;
  /** Of dense weights; that of tables keeps its proportion to it. Default: half of the artifact's own. */
  readonly learningRate?: number;
  /** Decides everything drawn at random. Default: the artifact's own. */
  readonly seed?: number;
  readonly onBadRow?: OnBadRow;
}

/** What {@link updateArtifact} did. */
export interface UpdatedArtifact {
  /** False where the artifact was updated with these very rows before: they are not learned again. */
  readonly applied: boolean;
  /** Rows that are new, those that were held back so far, and old examples that were learned again. */
  readonly interactions: number;
  readonly heldBack: number;
  readonly replayed: number;
  /** Users and items: those that are new, and all there are now. */
  readonly users: { readonly added: number; readonly total: number };
  readonly items: { readonly added: number; readonly total: number };
  /** New items that have no row in a catalog. */
  readonly withoutRow: number;
  /** Rows left out because they could not be used. */
  readonly skipped: number;
  /** Whether Adam went on with the moments of a checkpoint beside the artifact; else it started afresh. */
  readonly optimizer: 'checkpoint' | 'fresh';
  /** `removed` where it had an index, which must be built again. */
  readonly index: 'removed' | 'none';
  readonly epochs: number;
  /** Seconds of the training, and of everything. */
  readonly fitSeconds: number;
  readonly seconds: number;
}

/**
 * Trains an artifact's two-tower further on interactions that came later, with new users and items, and writes it as a whole
 * or not at all. It learns the new rows and those held back so far, with old ones among them. Ids of old users and items stay;
 * weights and vectors are those of the artifact at the start. Rows of the tables of ids for who and what is new start as training
 * draws them, or as zeros where the model was trained with `idDropout` (items) or `userIdDropout` (users): new items and users
 * then start from their features. All rows it held, those held back too, become training rows, as in a refit: there are
 * no validation and test targets afterwards, and the metrics in the manifest stay those of the first training.
 *
 * @throws TowerkitError `OTHER_MODEL` for an artifact of another kind, a model that is not the one it was trained with, or
 *   one that was trained with moments, vectors of files, a teacher, or rows that count as something;
 *   `NO_RATINGS` for one that learns from ratings, which artifacts do not hold; `NO_OVERLAP` for rows of which no user or no
 *   item is known; `BAD_OPTION`; `OTHER_ENCODER`; `LOCKED` while another process writes it; `FOLDER_IN_USE`;
 *   `ARTIFACT_CHANGED` when it was replaced meanwhile; what reading and training throw; the signal's reason
 * @example
 * ```ts
 * const { users, items, seconds } = await updateArtifact({ artifact: 'artifacts/shop', data: 'yesterday.csv' });
 * ```
 */
export async function updateArtifact(options: UpdateArtifactOptions): Promise<UpdatedArtifact> {
  const { epochs = 2, replay = 1, learningRate } = options;
  requireCount('epochs', epochs);
  if (!(replay >= 0 && replay < Infinity)) throw badOption('replay', replay, 'must be 0 or more');
  if (learningRate !== undefined && !(learningRate > 0 && learningRate < Infinity))
    throw badOption('learningRate', learningRate, 'must be above 0');
  await versionOf(options.artifact); // where there is none, nothing is locked
  const out = options.out === undefined || isSame(options.out, options.artifact) ? undefined : options.out;
  const verified = await twoTowerAt(options.artifact);
  return holdArtifact(out ?? options.artifact, () => update(verified, { ...options, epochs, replay, out }));
}

const isSame = (a: string, b: string) => resolve(a) === resolve(b);

async function update(
  verified: VerifiedArtifact,
  options: UpdateArtifactOptions & Pick<ContinueOptions, 'epochs' | 'replay'>,
): Promise<UpdatedArtifact> {
  const started = performance.now();
  const since = (begun: number) => (performance.now() - begun) / 1000;
  const { out, epochs, signal } = options;
  const artifact = await readArtifact(verified);
  const config = configOf(artifact);
  const facts = twoTowerFactsOf(artifact);
  requirePlain(artifact, facts, config);
  const table = await readArtifactTable(artifact, 'items.parquet');
  const { log, skipped, catalog } = await readNewRows(options, artifact, config, facts.features, table);
  const merged = mergeRows(
    { ...artifact, trained: artifact.histories, histories: fullHistories(artifact) },
    log,
  );
  const newItems = merged.items.names.slice(artifact.items.size);
  const added = merged.users.size - artifact.users.size;
  const said = {
    interactions: log.user.length,
    heldBack: merged.histories.entries - log.user.length - artifact.histories.entries,
    users: { added, total: merged.users.size },
    items: { added: newItems.length, total: merged.items.size },
    withoutRow: newItems.filter((name) => catalog?.items.indexOf(name) === undefined).length,
    skipped,
  };
  const rows = fingerprint(log);
  const updates = updatesOf(artifact);
  if (updates.some((one) => one.rows === rows)) {
    if (out !== undefined) await copyArtifact(artifact, out);
    const nothing = { replayed: 0, optimizer: 'fresh', index: 'none', epochs: 0, fitSeconds: 0 } as const;
    return { applied: false, ...said, ...nothing, seconds: since(started) };
  }
  const people = artifact.userTable && (await readArtifactTable(artifact, 'users.parquet'));
  const items = grownColumns(table, artifact.items.size, newItems.length, columnsFor(newItems, catalog));
  const users = grownColumns(people, artifact.users.size, added, () => undefined);
  const engine = await createEngine({
    kind: config.engine,
    threads: options.threads ?? config.threads,
    executionProviders: config.executionProviders,
  });
  try {
    const begun = performance.now();
    const { trained, replayed, optimizer } = await continueTraining(
      { artifact, facts, config, merged, columns: { items, users }, engine },
      { ...options, seed: options.seed ?? config.seed },
    );
    const fitSeconds = since(begun);
    if (trained.interrupted) throw signal!.reason;
    const itemVectors = await computeItemVectors(trained.model, trained.state, merged.items.size, engine);
    const gatesOfItems = await itemGates(trained, engine);
    const gates = summarizeGates(
      { item: gatesOfItems, user: await userGates(trained, engine) },
      merged.histories,
    );
    const { manifest } = artifact;
    const unlisted = await readUnlisted(artifact);
    await writeUpdate(
      artifact,
      {
        ...manifest,
        dataset: {
          ...manifest.dataset,
          users: merged.users.size,
          items: merged.items.size,
          interactions: merged.histories.entries,
          fingerprint: chained(manifest.dataset.fingerprint, rows),
        },
        model: {
          ...manifest.model,
          ...twoTowerFacts(trained),
          ...(gates && { gates }),
          refit: true,
          updates: [...updates, { rows, interactions: log.user.length, epochs, replayed }],
        },
      },
      {
        ...{ trained, itemVectors, itemGates: gatesOfItems, merged },
        listed: (item) => (item < table.rows ? !unlisted.has(item) : true),
        items: { table, columns: items },
        ...(people && { users: { table: people, columns: users } }),
      },
      out,
    );
    const index = hasIndex(artifact) ? 'removed' : 'none';
    return {
      applied: true,
      ...said,
      replayed,
      optimizer,
      index,
      epochs,
      fitSeconds,
      seconds: since(started),
    };
  } finally {
    await engine.dispose();
  }
}

/** Columns of new items, null for those that the catalog lacks. */
const columnsFor = (names: readonly string[], catalog: Catalog | undefined) => (column: string) => {
  if (!catalog?.table.columnNames().includes(column)) return undefined;
  const values = catalog.table.array(column) as ArrayLike<unknown>;
  return names.map((name) => {
    const row = catalog.items.indexOf(name);
    return row === undefined ? null : values[row];
  });
};

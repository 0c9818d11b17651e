import { encodeSafetensors, type CsrMatrix } from '@towerkit/core';
import { writeParquet, type ColumnType, type ColumnValues } from '@towerkit/data';
import { writeArtifact, type ArtifactManifest } from '@towerkit/training';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ResolvedConfig } from '../config/schema.js';
import type { Metrics } from '../pipeline/baselines.js';
import { catalogRows } from '../pipeline/build-features.js';
import { everyRow } from '../pipeline/fit.js';
import type { Prepared } from '../pipeline/prepare.js';
import { packageVersions } from './packages.js';

/** What came of a run, ready to be saved. */
export interface Outcome {
  readonly config: ResolvedConfig;
  /** Kind of model, such as `two-tower`. */
  readonly kind: string;
  /** What the manifest says of the model. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Writes the model's own files. */
  readonly write: (folder: string) => Promise<void>;
  readonly metrics: Metrics;
  readonly baselines: Readonly<Record<string, Metrics>>;
  /** Title of each item, where the catalog has none. */
  readonly titles?: readonly string[];
  /** Whether the model was trained on every row, after the run that the metrics are of. */
  readonly refit: boolean;
}

/**
 * Writes the artifact of a run: the model's files, and
 *
 * - `items.parquet`: one row per dense item id: `id`, `title` and the catalog's other columns, `training_count`
 * - `histories.parquet`: one row per dense user id: `user`, `items` (dense item ids, oldest to newest): the rows
 *   the model was trained on
 * - `validation.parquet`, `test.parquet`: `user` (dense), `items`: what was held back, of users who have any; not
 *   after a refit
 * - `popularity.safetensors`: `counts` [items], int32
 */
export function saveArtifact(out: string, prepared: Prepared, outcome: Outcome): Promise<ArtifactManifest> {
  const { config, kind, metrics, baselines, refit } = outcome;
  const { dataset, log, split, fingerprint } = prepared;
  const facts = {
    kind,
    name: config.name,
    config: plainConfig(config, dataset),
    dataset: {
      name: dataset.name,
      fingerprint,
      users: log.users.size,
      items: log.items.size,
      interactions: log.user.length,
    },
    packages: packageVersions(),
    metrics: { ...metrics },
    baselines: { ...baselines },
    model: { ...outcome.facts, refit },
  };
  return writeArtifact(out, facts, async (folder) => {
    const histories = refit ? everyRow(prepared) : split.train;
    const counts = histories.columnCounts();
    await writeFile(
      join(folder, 'popularity.safetensors'),
      encodeSafetensors({ counts: { shape: [counts.length], data: counts } }),
    );
    await outcome.write(folder); // a popularity model has its own file of that name
    await writeParquet(join(folder, 'items.parquet'), itemColumns(prepared, counts, outcome.titles));
    await writeParquet(join(folder, 'histories.parquet'), {
      user: { type: 'VARCHAR', values: log.users.names },
      items: { type: 'INTEGER[]', values: rowsOf(histories) },
    });
    if (refit) return;
    await writeTargets(join(folder, 'validation.parquet'), split.validation);
    if (split.test) await writeTargets(join(folder, 'test.parquet'), split.test);
  });
}

/** The config as JSON, with the data set as it was recognised and without the place it was in. */
function plainConfig(config: ResolvedConfig, { name }: Prepared['dataset']): Record<string, unknown> {
  const { data } = config;
  const plain = {
    ...config,
    data: { ...data, path: undefined, generate: undefined, dataset: data.dataset ?? name },
  };
  return JSON.parse(JSON.stringify(plain)) as Record<string, unknown>;
}

function itemColumns({ log, catalog }: Prepared, counts: Int32Array, titles?: readonly string[]) {
  const columns: Record<string, { type: ColumnType; values: ColumnValues }> = {
    id: { type: 'VARCHAR', values: log.items.names },
  };
  if (catalog) {
    const rows = catalogRows(log, catalog);
    for (const name of catalog.table.columnNames()) {
      if (name in columns || name === 'training_count') continue;
      const from = catalog.table.array(name) as ArrayLike<string | number | null>;
      const values = Array.from(rows, (row) => {
        const value = row < 0 ? null : from[row];
        return typeof value === 'number' && Number.isNaN(value) ? null : value;
      });
      const numbers = values.every((value) => value === null || typeof value === 'number');
      columns[name] = { type: numbers ? 'DOUBLE' : 'VARCHAR', values };
    }
  }
  if (titles && !('title' in columns)) columns.title = { type: 'VARCHAR', values: titles };
  columns.training_count = { type: 'INTEGER', values: counts };
  return columns;
}

const rowsOf = (matrix: CsrMatrix) => Array.from({ length: matrix.rows }, (_, row) => matrix.row(row));

async function writeTargets(path: string, targets: CsrMatrix): Promise<void> {
  const users = Int32Array.from({ length: targets.rows }, (_, user) => user).filter(
    (user) => targets.indptr[user + 1] > targets.indptr[user],
  );
  await writeParquet(path, {
    user: { type: 'INTEGER', values: users },
    items: { type: 'INTEGER[]', values: Array.from(users, (user) => targets.row(user)) },
  });
}

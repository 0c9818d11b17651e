import {
  copyFiles,
  markUnlisted,
  rewriteArtifact,
  writeArtifact,
  writeItems,
  type Artifact,
  type ArtifactManifest,
} from '@towerkit/artifact';
import { encodeSafetensors, Vocabulary, type Matrix } from '@towerkit/core';
import { writeParquet, type Table } from '@towerkit/data';
import { writeTwoTowerFiles, type Gates, type TrainResult } from '@towerkit/training';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { grownColumn } from './grow-artifact.js';
import type { GrownColumns } from './grown-features.js';
import type { MergedRows } from './merge-rows.js';

/** What an updated artifact consists of. */
export interface UpdateContents {
  readonly trained: TrainResult;
  readonly itemVectors: Matrix;
  readonly itemGates?: Gates;
  readonly merged: MergedRows;
  /** Items that stand in a catalog, old and new. */
  readonly listed: (item: number) => boolean;
  readonly items: { readonly table: Table; readonly columns: GrownColumns };
  readonly users?: { readonly table: Table; readonly columns: GrownColumns };
}

/**
 * Writes an updated artifact in place of the old one, or into another folder, whole or not at all.
 *
 * @param facts its manifest, but for version, time and files
 * @param out another folder
 * @throws TowerkitError what `rewriteArtifact` and `writeArtifact` throw
 */
export async function writeUpdate(
  artifact: Artifact,
  facts: ArtifactManifest,
  contents: UpdateContents,
  out?: string,
): Promise<void> {
  const fill = (fresh: string) => writeFiles(fresh, contents);
  if (out === undefined) {
    await rewriteArtifact(artifact, facts, fill);
    return;
  }
  const { kind, name, recipe, dataset, packages, metrics, baselines, model, files } = facts;
  const rest = { kind, name, recipe, dataset, packages, metrics, baselines, model };
  await writeArtifact(out, rest, async (fresh) => {
    const kept = Object.keys(files).filter((name) => !name.startsWith('index/'));
    await copyFiles(artifact, kept, fresh);
    await fill(fresh);
  });
}

async function writeFiles(fresh: string, contents: UpdateContents): Promise<void> {
  const { trained, itemVectors, itemGates, merged, listed, items, users } = contents;
  const { histories } = merged;
  const counts = histories.columnCounts();
  // What was held back is history now.
  for (const part of ['validation', 'test']) await rm(join(fresh, `${part}.parquet`), { force: true });
  await writeTwoTowerFiles(fresh, trained, itemVectors, itemGates);
  await writeFile(
    join(fresh, 'popularity.safetensors'),
    encodeSafetensors({ counts: { shape: [counts.length], data: counts } }),
  );
  const columns = (table: Table, all: GrownColumns, names: Vocabulary) =>
    Object.fromEntries(
      Object.keys(table.columns).map((name) => {
        const values = name === 'id' ? names.names : name === 'training_count' ? counts : all(name);
        return [name, grownColumn(table.types[name], [], values)];
      }),
    );
  await writeItems(fresh, columns(items.table, items.columns, merged.items));
  const catalog = { items: new Vocabulary(merged.items.names.filter((_, item) => listed(item))) };
  await markUnlisted(fresh, { items: merged.items, counts, catalog });
  await writeParquet(join(fresh, 'histories.parquet'), {
    user: { type: 'VARCHAR', values: merged.users.names },
    items: { type: 'INTEGER[]', values: merged.users.names.map((_, user) => histories.row(user)) },
  });
  if (users)
    await writeParquet(join(fresh, 'users.parquet'), columns(users.table, users.columns, merged.users));
}

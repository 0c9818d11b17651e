import { decodeSafetensors, encodeSafetensors, type CsrMatrix, type Vocabulary } from '@towerkit/core';
import type { Catalog } from '@towerkit/data';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { VerifiedArtifact } from './verify-artifact.js';

const FILE = 'unlisted.safetensors';

/**
 * Writes down the items that only held-back rows name: they stand neither in training nor in the catalog, so that nothing is
 * known of them. They keep their ids, because they are targets of the evaluation, and are never recommended.
 */
export async function writeUnlisted(
  folder: string,
  {
    items,
    histories,
    catalog,
  }: { items: Vocabulary; histories: CsrMatrix; catalog?: Pick<Catalog, 'items'> },
): Promise<void> {
  const counts = histories.columnCounts();
  const unlisted = Int32Array.from(items.names.keys()).filter(
    (item) => counts[item] === 0 && catalog?.items.indexOf(items.nameOf(item)) === undefined,
  );
  if (unlisted.length > 0)
    await writeFile(
      join(folder, FILE),
      encodeSafetensors({ items: { shape: [unlisted.length], data: unlisted } }),
    );
}

/** The items of an artifact that must not be recommended, by dense id: see {@link writeUnlisted}. */
export async function readUnlisted({ folder, manifest }: VerifiedArtifact): Promise<ReadonlySet<number>> {
  if (!(FILE in manifest.files)) return new Set();
  const { tensors } = decodeSafetensors(await readFile(join(folder, FILE)));
  return new Set(tensors.items.data as Int32Array);
}

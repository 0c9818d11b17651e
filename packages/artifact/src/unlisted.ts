import { decodeSafetensors, encodeSafetensors, type Vocabulary } from '@towerkit/core';
import { readRegular } from '@towerkit/core/files';
import type { Catalog } from '@towerkit/data';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

import { badArtifact } from './manifest.js';
import type { VerifiedArtifact } from './verify-artifact.js';

const FILE = 'popularity.safetensors';
const ids = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('it is not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.array(z.int().min(0)));

/**
 * Notes in the metadata of `popularity.safetensors` which items only held-back rows name: they stand neither in training nor in the
 * catalog, so that nothing is known of them. They keep their ids, because they are targets of the evaluation, and are never
 * recommended.
 */
export async function markUnlisted(
  folder: string,
  { items, counts, catalog }: { items: Vocabulary; counts: Int32Array; catalog?: Pick<Catalog, 'items'> },
): Promise<void> {
  const unlisted = Array.from(items.names.keys()).filter(
    (item) => counts[item] === 0 && catalog?.items.indexOf(items.nameOf(item)) === undefined,
  );
  if (unlisted.length === 0) return;
  const path = join(folder, FILE);
  const { tensors, metadata } = decodeSafetensors(await readRegular(path));
  await writeFile(path, encodeSafetensors(tensors, { ...metadata, unlisted: JSON.stringify(unlisted) }));
}

/**
 * The items of an artifact that must not be recommended, by dense id: see {@link markUnlisted}.
 *
 * @throws TowerkitError `BAD_ARTIFACT`
 */
export async function readUnlisted({ folder, manifest }: VerifiedArtifact): Promise<ReadonlySet<number>> {
  if (!(FILE in manifest.files)) return new Set();
  const { metadata } = decodeSafetensors(await readRegular(join(folder, FILE)));
  const noted = ids.safeParse(metadata.unlisted ?? '[]');
  if (noted.success) return new Set(noted.data);
  throw badArtifact(folder, `${FILE} notes no list of items as unlisted`);
}

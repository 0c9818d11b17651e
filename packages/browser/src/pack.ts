import { writeFolderAtomic } from '@towerkit/core/files';
import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as Artifacts from '@towerkit/artifact';

import { TowerkitError } from './errors.js';
import { checkManifest } from './manifest.js';
import { encodeVectors, type VectorType } from './vectors.js';

export type { VectorType } from './vectors.js';

/** How an artifact is packed. */
export interface PackOptions {
  /** How item vectors are kept. Default `float32`: lists are those of a server. `float16` and `int8` take a half and a quarter of
   * the bytes, and a list may differ in a place or two: see the README. */
  readonly vectors?: VectorType;
}

/** What was written. */
export interface PackedArtifact {
  /** Bytes of each file. */
  readonly files: Readonly<Record<string, number>>;
  readonly bytes: number;
}

/**
 * Writes what a browser needs of an artifact into a folder of its own, to be published: ids, titles and counts of the items, their vectors
 * and the user tower; no user and no history is in it.
 *
 * @param folder an artifact
 * @param out a folder that is not there, or empty
 * @throws TowerkitError `MISSING_PACKAGE` without `@towerkit/artifact`; `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`; `OTHER_MODEL`, `UNSUPPORTED` for a model that no browser runs;
 *   `FOLDER_IN_USE`; `BAD_OPTION`
 * @example
 * ```ts
 * const { bytes } = await packForBrowser('artifacts/shop', 'public/model', { vectors: 'int8' });
 * ```
 */
export async function packForBrowser(
  folder: string,
  out: string,
  { vectors = 'float32' }: PackOptions = {},
): Promise<PackedArtifact> {
  if (!['float32', 'float16', 'int8'].includes(vectors))
    throw new TowerkitError('BAD_OPTION', `vectors: there is no type ${JSON.stringify(vectors)}`, {
      hint: 'float32, float16 or int8',
      details: { option: 'vectors', value: vectors },
    });
  const { readArtifactFile, readMatrices, readUnlisted, verifyArtifact } = await artifacts();
  const artifact = await verifyArtifact(folder);
  const { manifest } = artifact;
  checkManifest(folder, JSON.stringify(manifest));
  const there = await readdir(out).catch(() => []);
  if (there.length > 0)
    throw new TowerkitError('FOLDER_IN_USE', `${out} holds other files`, { hint: 'give a new folder' });
  const { matrices } = await readMatrices(join(folder, 'item_vectors.safetensors'));
  const unlisted = await readUnlisted(artifact);
  const plain = ['items.json', 'user_tower.onnx', ...(unlisted.size > 0 ? ['popularity.safetensors'] : [])];
  const contents: Record<string, Uint8Array> = {
    'item_vectors.safetensors': encodeVectors(matrices.vectors, vectors),
  };
  for (const name of plain) contents[name] = await readArtifactFile(artifact, name);
  const files = Object.fromEntries(
    Object.entries(contents).map(([name, bytes]) => [
      name,
      { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
    ]),
  );
  const { schemaVersion, kind, name, createdAt, dataset, model } = manifest;
  const { dimensions, maxLength, history } = model;
  const { items } = dataset;
  const told = {
    ...{ schemaVersion, kind, name, createdAt, dataset: { items } },
    ...{ model: { dimensions, maxLength, history }, files },
  };
  const text = `${JSON.stringify(told, null, 2)}\n`;
  await writeFolderAtomic(out, async (into) => {
    for (const [name, bytes] of Object.entries(contents)) await writeFile(join(into, name), bytes);
    await writeFile(join(into, 'manifest.json'), text);
  });
  const sizes = Object.entries(files).map(([name, { bytes }]): [string, number] => [name, bytes]);
  const all = Object.fromEntries([...sizes, ['manifest.json', Buffer.byteLength(text)]]);
  return { files: all, bytes: Object.values(all).reduce((sum, bytes) => sum + bytes, 0) };
}

/** What reads artifacts, an optional peer: a page, which needs none of it, is spared DuckDB. */
async function artifacts(): Promise<typeof Artifacts> {
  return import('@towerkit/artifact').catch((cause: NodeJS.ErrnoException) => {
    if (!['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(String(cause.code))) throw cause;
    throw new TowerkitError('MISSING_PACKAGE', 'packing needs @towerkit/artifact', {
      hint: 'npm install --save-dev @towerkit/artifact; where towerkit is installed it is there',
      cause,
    });
  });
}

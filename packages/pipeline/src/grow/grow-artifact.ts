import {
  badArtifact,
  readArtifactFile,
  rewriteArtifact,
  writeItems,
  type ArtifactManifest,
  type VerifiedArtifact,
} from '@towerkit/artifact';
import { decodeSafetensors, encodeSafetensors } from '@towerkit/core';
import type { ColumnType, ColumnValues, Table } from '@towerkit/data';
import { attributeOf, hasIndex, type EncodedItems } from '@towerkit/recommend';
import { loadIndex, savedDriver, type AttributeValue } from '@towerkit/retrieval';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What became of an artifact's index, see `AddedItems.index`. */
export type GrownIndex = 'updated' | 'removed' | 'none';

/**
 * Appends items to every table of an artifact, which is replaced as a whole or not at all.
 *
 * @param table its items so far
 * @param count of items to add
 * @param column gives the values of a column of the items for them
 * @throws TowerkitError `BAD_ARTIFACT` for tables that do not fit each other; what `rewriteArtifact` throws
 */
export async function growArtifact(
  artifact: VerifiedArtifact,
  table: Table,
  count: number,
  column: (name: string) => unknown[],
  { vectors, gates }: EncodedItems,
): Promise<GrownIndex> {
  const { folder, manifest } = artifact;
  const items = table.rows + count;
  const addedItems = Number(manifest.model.addedItems ?? 0) + count;
  const facts: ArtifactManifest = {
    ...manifest,
    dataset: { ...manifest.dataset, items },
    model: { ...manifest.model, addedItems },
  };
  let index: GrownIndex = 'none';
  await rewriteArtifact(artifact, facts, async (fresh) => {
    const grow = async (file: string, name: string, more: Float32Array | Int32Array) => {
      const { tensors, metadata } = decodeSafetensors(await readArtifactFile(artifact, file));
      if (tensors[name]?.shape[0] !== table.rows)
        throw badArtifact(folder, `${file}: ${name} is not one row for each item`);
      const { shape, data } = tensors[name];
      const grown = new (data.constructor as Float32ArrayConstructor)(data.length + more.length);
      grown.set(data as Float32Array);
      grown.set(more, data.length);
      const tensor = { shape: [shape[0] + count, ...shape.slice(1)], data: grown };
      await writeFile(join(fresh, file), encodeSafetensors({ ...tensors, [name]: tensor }, metadata));
    };
    await grow('item_vectors.safetensors', 'vectors', vectors.data);
    if (gates && 'item_gates.safetensors' in manifest.files)
      await grow('item_gates.safetensors', 'gates', gates.data);
    await grow('popularity.safetensors', 'counts', new Int32Array(count));
    const columns = Object.entries(table.columns).map(([name, values]) => {
      const more = name === 'training_count' ? new Int32Array(count) : column(name);
      return [name, grownColumn(table.types[name], values, more)];
    });
    await writeItems(fresh, Object.fromEntries(columns));
    if (hasIndex(artifact)) index = await growIndex(folder, fresh, table, vectors, column);
  });
  return index;
}

/** A column with values added; it holds text where one of them is text, as a category of an older artifact may need. */
export function grownColumn(
  type: ColumnType,
  values: Table['columns'][string],
  more: ArrayLike<unknown>,
): { type: ColumnType; values: ColumnValues } {
  const all = [...values, ...Array.from(more)];
  if (type === 'VARCHAR' || !Array.from(more).some((value) => typeof value === 'string'))
    return { type, values: all as ColumnValues };
  return { type: 'VARCHAR', values: all.map((value) => (value === null ? null : String(value as number))) };
}

/** Adds the items to a copy of the artifact's index; one in a database stays as it is, for the old artifact. */
async function growIndex(
  folder: string,
  fresh: string,
  table: Table,
  vectors: EncodedItems['vectors'],
  column: (name: string) => unknown[],
): Promise<GrownIndex> {
  const path = join(folder, 'index');
  const driver = await savedDriver(path);
  if (driver === 'pgvector' || driver === 'milvus') return 'removed';
  const index = await loadIndex(path);
  try {
    const ids = Float64Array.from({ length: vectors.rows }, (_, place) => table.rows + place);
    const attributes = Object.keys(table.columns).flatMap((name): [string, AttributeValue[]][] => {
      if (name === 'id' || name === 'title') return [];
      const values = name === 'training_count' ? new Int32Array(vectors.rows) : column(name);
      return [[name, Array.from(values as ArrayLike<unknown>, attributeOf)]];
    });
    await index.add(vectors, { ids, attributes: Object.fromEntries(attributes) });
    await index.save(join(fresh, 'index'));
    return 'updated';
  } finally {
    await index.close();
  }
}

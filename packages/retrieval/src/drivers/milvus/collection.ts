import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { TowerkitError } from '@towerkit/core';

import type { AttributeValue } from '../../filter/predicate.js';
import { timedOut } from '../database/errors.js';
import { attributesOf } from '../database/batches.js';
import type { Rows } from '../database/store.js';
import type { Connection } from './connection.js';
import type { Settings } from './settings.js';

/** What a collection's description says of it. */
export interface CollectionAbout {
  readonly dimensions: number;
  readonly metric: string;
  readonly attributes: readonly string[];
}

/** A collection that is there. */
export interface Standing extends CollectionAbout {
  /** Its own name, not the alias. */
  readonly name: string;
}

const FORMAT = 'towerkit-index-1';
/** Properties of the collection: what it is, as its description says (milvus-lite keeps none), and later attributes. */
const ABOUT = 'towerkit.index';
const LATER = 'towerkit.attributes';

/**
 * What stands under the name of an index.
 *
 * @throws TowerkitError `NOT_AN_INDEX` for a collection that is not this driver's
 */
export async function standing(connection: Connection, alias: string): Promise<Standing | undefined> {
  const found = await connection.find((client) => client.describeCollection({ collection_name: alias }));
  if (found === undefined) return undefined;
  const property = (wanted: string) => parse(found.properties?.find(({ key }) => key === wanted)?.value);
  const about = parse(found.schema?.description) ?? property(ABOUT);
  if (about?.format !== FORMAT)
    throw new TowerkitError('NOT_AN_INDEX', `the collection ${alias} was not made by this driver`, {
      hint: 'choose another name',
    });
  const { name, dimensions, metric, attributes } = about as unknown as Standing;
  const later = (property(LATER)?.names as string[] | undefined) ?? [];
  return { name, dimensions, metric, attributes: [...attributes, ...later] };
}

/** Makes a collection for an index: empty, with its graph, under a name of its own. */
export async function createCollection(
  connection: Connection,
  about: CollectionAbout,
  { collection, m, efConstruction }: Settings,
): Promise<Standing> {
  const name = `${collection}_${randomBytes(6).toString('hex')}`;
  const description = JSON.stringify({ format: FORMAT, name, ...about });
  await connection.call((client) =>
    client.createCollection({
      collection_name: name,
      description,
      properties: { [ABOUT]: description },
      consistency_level: 'Strong',
      fields: [
        { name: 'id', data_type: 'Int64', is_primary_key: true, autoID: false },
        { name: 'embedding', data_type: 'FloatVector', dim: about.dimensions },
        { name: 'attributes', data_type: 'JSON' },
      ],
    }),
  );
  await connection.call((client) =>
    client.createIndex({
      collection_name: name,
      field_name: 'embedding',
      index_type: 'HNSW',
      metric_type: 'IP', // of a cosine the vectors have length 1, or 0
      params: { M: m, efConstruction },
    }),
  );
  return { name, ...about };
}

/** Lets others know of attributes that came later. A server that takes no such property only keeps it from them. */
export async function tellAttributes(
  connection: Connection,
  collection: string,
  names: readonly string[],
): Promise<void> {
  const properties = { [LATER]: JSON.stringify({ names }) };
  await connection
    .call((client) => client.alterCollectionProperties({ collection_name: collection, properties }))
    .catch(() => undefined);
}

/** Waits until the graph over what was inserted is there, and loads it. */
export async function makeSearchable(connection: Connection, name: string, timeout: number): Promise<void> {
  const end = Date.now() + timeout;
  await connection.call((client) => client.flush({ collection_names: [name] }));
  for (;;) {
    const { index_descriptions: graphs } = await connection.call((client) =>
      client.describeIndex({ collection_name: name, field_name: 'embedding' }),
    );
    if (graphs.every(({ state }) => state === 'Finished')) break;
    if (Date.now() > end) throw timedOut(`Milvus has not built the graph of ${name} in ${timeout} ms`);
    await sleep(200);
  }
  await load(connection, name, timeout);
}

/** Loads a collection for searches. */
export async function load(connection: Connection, name: string, timeout: number): Promise<void> {
  await connection.call((client) => client.loadCollectionSync({ collection_name: name, timeout }));
}

/** Rows as Milvus takes them; attributes by type, then by name. */
export function rowsOf(rows: Rows, from: number, to: number) {
  const width = rows.vectors.length / rows.ids.length;
  return Array.from({ length: to - from }, (_, i) => from + i).map((row) => ({
    id: String(rows.ids[row]),
    embedding: Array.from(rows.vectors.subarray(row * width, (row + 1) * width)),
    attributes: byType(attributesOf(rows, row)),
  }));
}

function byType(attributes: Record<string, AttributeValue>): Record<string, Record<string, AttributeValue>> {
  const out: Record<string, Record<string, AttributeValue>> = { number: {}, string: {}, boolean: {} };
  for (const [name, value] of Object.entries(attributes)) out[typeof value][name] = value;
  return out;
}

function parse(text: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(String(text ?? 'null'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

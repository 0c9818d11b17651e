import type { FileHandle } from 'node:fs/promises';

import type { OnProgress } from '@towerkit/core';

import { splitClasses } from '../classes/split-classes.js';
import type { MapBuilder } from '../map/map-builder.js';
import { ExtentOfPoints, type Extent } from '../map/extent.js';
import type { EndedWay } from '../shapes/join-ways.js';
import { blobContent, blobPlaces, decoded, type BlobPlace } from './blobs.js';
import { readHeaderBlock } from './header-block.js';
import { NodeCoordinates } from './node-coordinates.js';
import { NODES, readPrimitiveBlock, WAYS, type BlockVisitor } from './primitive-block.js';
import { addRelations, memberWays, type AreaRelation } from './relations.js';
import { WayBatch } from './way-batches.js';

/** How a file is read. */
export interface ReadPbfOptions {
  /** Nodes of ways that are looked up at a time. */
  readonly batchNodes: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Relations that are areas, by their tag `type`. */
const AREA_TYPES: readonly (string | undefined)[] = ['multipolygon', 'boundary'];

/**
 * Reads an `.osm.pbf` file into a map, one block at a time: first points and relations, then ways, whose nodes are looked up in
 * batches. It is read once for relations and points, once for ways, and once for nodes for each batch.
 *
 * @returns what it covers: the box in its head, else that of its nodes
 * @throws TowerkitError `BAD_FILE`
 */
export async function readPbf(
  file: FileHandle,
  path: string,
  builder: MapBuilder,
  { batchNodes, onProgress, signal }: ReadPbfOptions,
): Promise<Extent | undefined> {
  const [head, ...rest] = await blobPlaces(file, path);
  const blocks = rest.filter(({ type }) => type === 'OSMData');
  const header = await blobContent(file, path, head);
  const box = decoded(path, head.offset, () => readHeaderBlock(header, path));
  let done = 0;
  const read = async (block: BlobPlace, visitor: BlockVisitor) => {
    signal?.throwIfAborted();
    const bytes = await blobContent(file, path, block);
    onProgress?.({ stage: 'read map', done: ++done, unit: 'blocks' });
    return decoded(path, block.offset, () => readPrimitiveBlock(bytes, visitor));
  };

  const seen = new ExtentOfPoints();
  const relations: AreaRelation[] = [];
  const first = firstVisitor(builder, seen, relations);
  const kinds: number[] = [];
  for (const block of blocks) kinds.push(await read(block, first));

  const members = memberWays(relations);
  const memberPaths = new Map<number, EndedWay>();
  const batch = new WayBatch();
  const lookUp = async () => {
    if (batch.nodes === 0) return;
    const nodes = new NodeCoordinates(batch.refs());
    const node = (id: number, lon: number, lat: number) => nodes.see(id, lon, lat);
    for (const [k, block] of blocks.entries()) if (kinds[k] & NODES) await read(block, { node });
    batch.finish(nodes, builder, memberPaths);
  };
  const way: BlockVisitor['way'] = (found) => {
    const classes = splitClasses(builder.matcher, found.tags);
    const isMember = members.has(found.id);
    const isShape = classes && classes.lines.length + classes.areas.length + classes.centers.length > 0;
    if (isShape || isMember) batch.add(found, isShape ? classes : undefined, isMember);
  };
  for (const [k, block] of blocks.entries()) {
    if (!(kinds[k] & WAYS)) continue;
    await read(block, { way });
    if (batch.nodes >= batchNodes) await lookUp();
  }
  await lookUp();
  addRelations(relations, memberPaths, builder);
  return box ?? seen.extent;
}

function firstVisitor(builder: MapBuilder, seen: ExtentOfPoints, relations: AreaRelation[]): BlockVisitor {
  return {
    node(_, lon, lat, tags) {
      if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
        throw new Error(`a node has latitude ${lat}, longitude ${lon}`);
      seen.add(lon, lat);
      const classes = splitClasses(builder.matcher, tags);
      if (classes) builder.point(classes.points, lon, lat);
    },
    relation(_, tags, members) {
      if (!AREA_TYPES.includes(tags.get('type'))) return;
      const classes = splitClasses(builder.matcher, tags);
      if (classes && classes.areas.length + classes.centers.length > 0) relations.push({ classes, members });
    },
  };
}

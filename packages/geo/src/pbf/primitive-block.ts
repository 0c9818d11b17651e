import { PbfReader } from 'pbf';

import type { Tags } from '../classes/class-table.js';

/** A way of a block. */
export interface Way {
  readonly id: number;
  readonly tags: Tags;
  /** Ids of its nodes, in order. */
  readonly refs: readonly number[];
}

/** A member of a relation. */
export interface Member {
  readonly id: number;
  readonly role: string;
  /** 0 node, 1 way, 2 relation. */
  readonly type: number;
}

/** What takes the content of a block; kinds without a function are passed over unread. */
export interface BlockVisitor {
  /** `tags` is undefined for a node without any. Coordinates in degrees. */
  node?(id: number, lon: number, lat: number, tags: Tags | undefined): void;
  way?(way: Way): void;
  relation?(id: number, tags: Tags, members: readonly Member[]): void;
}

/** Kinds of things in a block: the sum of 1 for nodes, 2 for ways, 4 for relations. */
export type BlockKinds = number;
export const [NODES, WAYS, RELATIONS] = [1, 2, 4];

interface Block {
  readonly strings: Uint8Array[];
  readonly groups: Uint8Array[];
  granularity: number;
  latOffset: number;
  lonOffset: number;
}

/** Hands a `PrimitiveBlock` to a visitor, thing by thing; returns the kinds that are in it. */
export function readPrimitiveBlock(bytes: Uint8Array, visitor: BlockVisitor): BlockKinds {
  const block: Block = { strings: [], groups: [], granularity: 100, latOffset: 0, lonOffset: 0 };
  new PbfReader(bytes).readFields((tag, found, pbf) => {
    if (tag === 1)
      pbf.readMessage((inner, strings, table) => {
        if (inner === 1) strings.push(table.readBytes());
      }, found.strings);
    else if (tag === 2) found.groups.push(pbf.readBytes());
    else if (tag === 17) found.granularity = pbf.readVarint();
    else if (tag === 19) found.latOffset = pbf.readVarint(true);
    else if (tag === 20) found.lonOffset = pbf.readVarint(true);
  }, block);
  const text = textOf(block.strings);
  let kinds = 0;
  for (const group of block.groups)
    new PbfReader(group).readFields((tag, _, pbf) => {
      kinds |= tag === 1 || tag === 2 ? NODES : tag === 3 ? WAYS : tag === 4 ? RELATIONS : 0;
      if (tag === 1 && visitor.node) readNode(pbf, block, text, visitor.node);
      else if (tag === 2 && visitor.node) readDense(pbf, block, text, visitor.node);
      else if (tag === 3 && visitor.way) visitor.way(readWay(pbf, text));
      else if (tag === 4 && visitor.relation) readRelation(pbf, text, visitor.relation);
    }, undefined);
  return kinds;
}

type Text = (index: number) => string;

/** Strings by number, each decoded once. */
function textOf(strings: readonly Uint8Array[]): Text {
  const decoder = new TextDecoder();
  const decoded: (string | undefined)[] = [];
  return (index) => {
    if (index >= strings.length) throw new Error(`there is no string ${index}`);
    return (decoded[index] ??= decoder.decode(strings[index]));
  };
}

const degrees = (value: number, offset: number, granularity: number) => (offset + granularity * value) / 1e9;

function readNode(pbf: PbfReader, block: Block, text: Text, take: NonNullable<BlockVisitor['node']>): void {
  const node = { id: 0, lat: 0, lon: 0, keys: [] as number[], values: [] as number[] };
  pbf.readMessage((tag, found, inner) => {
    if (tag === 1) found.id = inner.readSVarint();
    else if (tag === 2) inner.readPackedVarint(found.keys);
    else if (tag === 3) inner.readPackedVarint(found.values);
    else if (tag === 8) found.lat = inner.readSVarint();
    else if (tag === 9) found.lon = inner.readSVarint();
  }, node);
  const { granularity, latOffset, lonOffset } = block;
  const tags = node.keys.length > 0 ? tagsOf(node.keys, node.values, text) : undefined;
  take(node.id, degrees(node.lon, lonOffset, granularity), degrees(node.lat, latOffset, granularity), tags);
}

function readDense(pbf: PbfReader, block: Block, text: Text, take: NonNullable<BlockVisitor['node']>): void {
  const dense = { ids: [] as number[], lats: [] as number[], lons: [] as number[], tags: [] as number[] };
  pbf.readMessage((tag, found, inner) => {
    if (tag === 1) inner.readPackedSVarint(found.ids);
    else if (tag === 8) inner.readPackedSVarint(found.lats);
    else if (tag === 9) inner.readPackedSVarint(found.lons);
    else if (tag === 10) inner.readPackedVarint(found.tags);
  }, dense);
  const { ids, lats, lons, tags } = dense;
  if (lats.length !== ids.length || lons.length !== ids.length)
    throw new Error(`${ids.length} nodes have ${lats.length} latitudes and ${lons.length} longitudes`);
  const { granularity, latOffset, lonOffset } = block;
  let [id, lat, lon, at] = [0, 0, 0, 0];
  for (let k = 0; k < ids.length; k++) {
    id += ids[k];
    lat += lats[k];
    lon += lons[k];
    let own: Map<string, string> | undefined;
    // Keys and values of all nodes in one list, a 0 after each node; no list where none has any.
    for (; at < tags.length && tags[at] !== 0; at += 2)
      (own ??= new Map()).set(text(tags[at]), text(tags[at + 1]));
    at++;
    take(id, degrees(lon, lonOffset, granularity), degrees(lat, latOffset, granularity), own);
  }
}

function readWay(pbf: PbfReader, text: Text): Way {
  const way = { id: 0, keys: [] as number[], values: [] as number[], refs: [] as number[] };
  pbf.readMessage((tag, found, inner) => {
    if (tag === 1) found.id = inner.readVarint();
    else if (tag === 2) inner.readPackedVarint(found.keys);
    else if (tag === 3) inner.readPackedVarint(found.values);
    else if (tag === 8) inner.readPackedSVarint(found.refs);
  }, way);
  summed(way.refs);
  return { id: way.id, tags: tagsOf(way.keys, way.values, text), refs: way.refs };
}

function readRelation(pbf: PbfReader, text: Text, take: NonNullable<BlockVisitor['relation']>): void {
  const lists = { keys: [], values: [], roles: [], ids: [], types: [] } as Record<string, number[]>;
  let id = 0;
  pbf.readMessage((tag, found, inner) => {
    if (tag === 1) id = inner.readVarint();
    else if (tag === 2) inner.readPackedVarint(found.keys);
    else if (tag === 3) inner.readPackedVarint(found.values);
    else if (tag === 8) inner.readPackedVarint(found.roles);
    else if (tag === 9) inner.readPackedSVarint(found.ids);
    else if (tag === 10) inner.readPackedVarint(found.types);
  }, lists);
  const { keys, values, roles, ids, types } = lists;
  if (roles.length !== ids.length || types.length !== ids.length)
    throw new Error(`a relation has ${ids.length} members, ${roles.length} roles and ${types.length} types`);
  summed(ids);
  const members = ids.map((member, k) => ({ id: member, role: text(roles[k]), type: types[k] }));
  take(id, tagsOf(keys, values, text), members);
}

/** Ids are stored as differences. */
function summed(values: number[]): void {
  for (let k = 1; k < values.length; k++) values[k] += values[k - 1];
}

function tagsOf(keys: readonly number[], values: readonly number[], text: Text): Map<string, string> {
  if (keys.length !== values.length) throw new Error(`${keys.length} keys have ${values.length} values`);
  return new Map(keys.map((key, k) => [text(key), text(values[k])]));
}

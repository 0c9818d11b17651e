import { deflateSync } from 'node:zlib';

import { PbfWriter } from 'pbf';

type Tags = Readonly<Record<string, string>>;

/** What a small `.osm.pbf` file holds. */
export interface PbfContent {
  readonly nodes?: readonly { id: number; lon: number; lat: number; tags?: Tags }[];
  readonly ways?: readonly { id: number; refs: readonly number[]; tags?: Tags }[];
  readonly relations?: readonly {
    id: number;
    members: readonly { id: number; role: string; type?: number }[];
    tags?: Tags;
  }[];
  /** west, east, north, south in degrees. */
  readonly box?: readonly [number, number, number, number];
  readonly features?: readonly string[];
  readonly compress?: boolean;
  /** Nodes one by one instead of in a dense group. */
  readonly plainNodes?: boolean;
}

/** Blocks of the format as its documentation has them: a head, nodes, ways, relations, each kind in blocks of its own, three ways in each. */
export function pbfFile(content: PbfContent): Buffer {
  const { nodes = [], ways = [], relations = [], compress = true } = content;
  const blocks: [string, Uint8Array][] = [['OSMHeader', headerBlock(content)]];
  if (nodes.length > 0)
    blocks.push(['OSMData', dataBlock(content.plainNodes ? plainNodes(nodes) : denseNodes(nodes))]);
  for (let from = 0; from < ways.length; from += 3)
    blocks.push(['OSMData', dataBlock(wayGroup(ways.slice(from, from + 3)))]);
  if (relations.length > 0) blocks.push(['OSMData', dataBlock(relationGroup(relations))]);
  return Buffer.concat(blocks.flatMap(([type, bytes]) => blob(type, bytes, compress)));
}

export function blob(type: string, bytes: Uint8Array, compress: boolean, field = compress ? 3 : 1): Buffer[] {
  const body = new PbfWriter();
  body.writeBytesField(field, compress ? deflateSync(bytes) : bytes);
  if (compress) body.writeVarintField(2, bytes.length);
  const data = body.finish();
  const head = new PbfWriter();
  head.writeStringField(1, type);
  head.writeVarintField(3, data.length);
  const header = head.finish();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return [length, Buffer.from(header), Buffer.from(data)];
}

function headerBlock({ box, features = ['OsmSchema-V0.6', 'DenseNodes'] }: PbfContent): Uint8Array {
  const writer = new PbfWriter();
  if (box)
    writer.writeMessage(
      1,
      (edges, pbf) => edges.forEach((degrees, k) => pbf.writeSVarintField(k + 1, Math.round(degrees * 1e9))),
      box,
    );
  for (const feature of features) writer.writeStringField(4, feature);
  return writer.finish();
}

/** A group, written with numbers for its strings. */
type Group = (pbf: PbfWriter, text: (string: string) => number) => void;

function dataBlock(group: Group): Uint8Array {
  const strings = [''];
  const text = (string: string) => {
    const at = strings.indexOf(string);
    return at > 0 ? at : strings.push(string) - 1;
  };
  const inner = new PbfWriter();
  group(inner, text);
  const writer = new PbfWriter();
  const table = (list: readonly string[], pbf: PbfWriter) =>
    list.forEach((string) => pbf.writeBytesField(1, Buffer.from(string)));
  writer.writeMessage(1, table, strings);
  writer.writeBytesField(2, inner.finish());
  return writer.finish();
}

const units = (degrees: number) => Math.round(degrees * 1e7);
const differences = (values: readonly number[]) => values.map((value, k) => value - (values[k - 1] ?? 0));

function writeTags(pbf: PbfWriter, tags: Tags | undefined, text: (string: string) => number): void {
  const pairs = Object.entries(tags ?? {});
  pbf.writePackedVarint(2, pairs.map(([key]) => text(key))); // prettier-ignore
  pbf.writePackedVarint(3, pairs.map(([, value]) => text(value))); // prettier-ignore
}

const denseNodes =
  (nodes: NonNullable<PbfContent['nodes']>): Group =>
  (pbf, text) =>
    pbf.writeMessage(
      2,
      (list, dense) => {
        dense.writePackedSVarint(1, differences(list.map(({ id }) => id)));
        dense.writePackedSVarint(8, differences(list.map(({ lat }) => units(lat))));
        dense.writePackedSVarint(9, differences(list.map(({ lon }) => units(lon))));
        const tags = list.flatMap((node) => [
          ...Object.entries(node.tags ?? {}).flatMap(([key, value]) => [text(key), text(value)]),
          0,
        ]);
        if (tags.some((value) => value !== 0)) dense.writePackedVarint(10, tags);
      },
      nodes,
    );

const plainNodes =
  (nodes: NonNullable<PbfContent['nodes']>): Group =>
  (pbf, text) => {
    for (const one of nodes)
      pbf.writeMessage(
        1,
        (node, inner) => {
          inner.writeSVarintField(1, node.id);
          writeTags(inner, node.tags, text);
          inner.writeSVarintField(8, units(node.lat));
          inner.writeSVarintField(9, units(node.lon));
        },
        one,
      );
  };

const wayGroup =
  (ways: NonNullable<PbfContent['ways']>): Group =>
  (pbf, text) => {
    for (const one of ways)
      pbf.writeMessage(
        3,
        (way, inner) => {
          inner.writeVarintField(1, way.id);
          writeTags(inner, way.tags, text);
          inner.writePackedSVarint(8, differences(way.refs));
        },
        one,
      );
  };

const relationGroup =
  (relations: NonNullable<PbfContent['relations']>): Group =>
  (pbf, text) => {
    for (const one of relations)
      pbf.writeMessage(
        4,
        (relation, inner) => {
          inner.writeVarintField(1, relation.id);
          writeTags(inner, relation.tags, text);
          inner.writePackedVarint(8, relation.members.map(({ role }) => text(role))); // prettier-ignore
          inner.writePackedSVarint(9, differences(relation.members.map(({ id }) => id)));
          inner.writePackedVarint(10, relation.members.map(({ type = 1 }) => type)); // prettier-ignore
        },
        one,
      );
  };

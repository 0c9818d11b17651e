import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createIndex, loadIndex, type HnswOptions } from '../../src/index.js';
import { randomVectors } from './oracle.js';

const SIZE = 1000;
const DIMENSIONS = 8;
const CONNECTIVITY = 6;
/** Where the parts of the file begin, for float32: vectors, head, numbers, layers, nodes. */
const HEAD = 8 + SIZE * DIMENSIONS * 4;
const NUMBERS = HEAD + 64;
const LAYERS = NUMBERS + 40;
const NODES = LAYERS + 2 * SIZE;

let folder: string;
let saved: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-graph-'));
  saved = await save({});
});
afterEach(() => rm(folder, { recursive: true }));

async function save(options: HnswOptions): Promise<string> {
  const path = join(folder, 'index');
  const index = await createIndex('hnsw', { dimensions: DIMENSIONS, connectivity: CONNECTIVITY, ...options });
  await index.build(randomVectors(new Rng(3), SIZE, DIMENSIONS));
  await index.save(path);
  await index.close();
  return path;
}

/** Changes the graph as somebody who can also write its checksums. */
async function tampered(change: (graph: Buffer) => Buffer | void): Promise<string> {
  const file = join(saved, 'graph.usearch');
  const before = await readFile(file);
  const graph = change(before) ?? before;
  await writeFile(file, graph);
  const manifest = join(saved, 'index.json');
  const digest = (of: string | Buffer) => createHash('sha256').update(of).digest('hex');
  const { format, version, ...rest } = JSON.parse(await readFile(manifest, 'utf8'));
  delete rest.sha256;
  rest.files['graph.usearch'] = { bytes: graph.length, sha256: digest(graph) };
  await writeFile(
    manifest,
    JSON.stringify({ format, version, sha256: digest(JSON.stringify(rest)), ...rest }),
  );
  return saved;
}

const bad = (message = /./) =>
  expect.objectContaining({ code: 'BAD_INDEX', message: expect.stringMatching(message) });

describe('a graph of usearch', () => {
  test.each(['f32', 'f16', 'i8'] as const)('that was saved opens, of %s', async (precision) => {
    await rm(saved, { recursive: true });
    const index = await loadIndex(await save({ precision }));
    expect(index.size).toBe(SIZE);
    await index.close();
  });

  const changes: [string, RegExp, (graph: Buffer) => Buffer | void][] = [
    ['other rows', /vectors of/, (graph) => void graph.writeUInt32LE(SIZE - 1, 0)],
    ['wider rows', /vectors of/, (graph) => void graph.writeUInt32LE(64, 4)],
    ['another kind of number', /no kind/, (graph) => void graph.writeUInt8(0x0a, HEAD + 14)],
    ['other dimensions', /as many vectors/, (graph) => void graph.writeBigUInt64LE(9n, HEAD + 33)],
    ['more nodes', /nodes of/, (graph) => void graph.writeBigUInt64LE(BigInt(SIZE + 1), NUMBERS)],
    ['more links', /nodes of/, (graph) => void graph.writeBigUInt64LE(999n, NUMBERS + 8)],
    ['an entry beyond it', /begins at/, (graph) => void graph.writeBigUInt64LE(2n ** 63n, NUMBERS + 32)],
    ['a layer above the top', /layer/, (graph) => void graph.writeInt16LE(30_000, LAYERS + 10)],
    ['a layer below the lowest', /layer/, (graph) => void graph.writeInt16LE(-1, LAYERS + 10)],
    ['a key that is no slot', /every key/, (graph) => void graph.writeUInt32LE(SIZE, NODES)],
    ['a key beyond 32 bits', /every key/, (graph) => void graph.writeUInt32LE(1, NODES + 4)],
    ['a node of two minds', /two things/, (graph) => void graph.writeInt16LE(7, NODES + 8)],
    ['a node with too many links', /links of/, (graph) => void graph.writeUInt32LE(99, NODES + 10)],
    ['a link to nowhere', /leads from/, (graph) => void graph.writeUInt32LE(SIZE, NODES + 14)],
    ['its end cut off', /cut off/, (graph) => graph.subarray(0, graph.length - 1)],
    ['nothing but its beginning', /cut off/, (graph) => graph.subarray(0, 5)],
    ['something after its end', /longer/, (graph) => Buffer.concat([graph, Buffer.alloc(1)])],
  ];
  test.each(changes)('with %s is refused, and is not followed', async (_, message, change) => {
    await expect(loadIndex(await tampered(change))).rejects.toThrow(bad(message));
  });
});

describe('a saved index', () => {
  test('whose vectors are changed after it was opened gives no answers from them', async () => {
    const index = await loadIndex(saved);
    const query = new Float32Array(DIMENSIONS).fill(1);
    const before = await readFile(join(saved, 'vectors.f32'));
    await writeFile(join(saved, 'vectors.f32'), Buffer.alloc(before.length, 1)); // in place
    // So many denied items are searched among all vectors, which are read now.
    const scanning = () =>
      index.search(query, 10, { filter: { allow: Array.from({ length: 50 }, (_, id) => id) } });
    await expect(scanning()).rejects.toThrow(bad(/vectors\.f32 is not what was written/));
    await writeFile(join(saved, 'vectors.f32'), before);
    expect((await scanning()).ids).toHaveLength(10); // the error is not kept
    await index.close();
  });

  (process.platform === 'win32' ? test.skip : test)(
    'with a device or a link in the place of a file is refused at once',
    async () => {
      for (const name of ['graph.usearch', 'ids.f64', 'index.json']) {
        const spoiled = join(folder, 'spoiled');
        await cp(saved, spoiled, { recursive: true });
        await rm(join(spoiled, name));
        await symlink('/dev/zero', join(spoiled, name));
        await expect(loadIndex(spoiled)).rejects.toThrow(bad(/regular file/));
        await rm(spoiled, { recursive: true });
      }
      await truncate(join(saved, 'index.json'), 2 ** 30);
      await expect(loadIndex(saved)).rejects.toThrow(bad(/index\.json has/));
      await expect(loadIndex(join(folder, 'none'))).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
    },
  );
});

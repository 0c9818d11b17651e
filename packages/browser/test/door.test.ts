import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, readdir, rm, truncate, writeFile, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BrowserModel } from '../src/model.js';
import { packForBrowser } from '../src/pack.js';
import { artifactOf, serveFolders } from './folders.js';

let folder: string;
let packed: string;
let server: Awaited<ReturnType<typeof serveFolders>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-browser-'));
  packed = join(folder, 'packed');
  await packForBrowser(artifactOf('tower'), packed);
  server = await serveFolders({ whole: packed });
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const noTower = async () => ({ inputs: [], run: async () => new Float32Array(9) });
const open = (name: string) => BrowserModel.open(`${server.url}/${name}/`, false, noTower);

interface Manifest {
  schemaVersion: number;
  model: { userInputs?: string[] };
  dataset: { items: number };
  files: Record<string, unknown>;
}

/** A copy that is spoilt and served under a name of its own. */
async function spoilt(name: string, spoil: (at: string) => Promise<void>): Promise<string> {
  const at = join(folder, name);
  await cp(packed, at, { recursive: true });
  await spoil(at);
  server.folders[name] = at;
  return name;
}
const inManifest = (change: (manifest: Manifest) => void) => async (at: string) => {
  const file = join(at, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  change(manifest);
  await writeFile(file, JSON.stringify(manifest));
};

test('what is packed holds no user and no history', async () => {
  expect((await readdir(packed)).sort()).toEqual([
    'item_vectors.safetensors',
    'items.json',
    'manifest.json',
    'user_tower.onnx',
  ]);
  const manifest = JSON.parse(await readFile(join(packed, 'manifest.json'), 'utf8'));
  expect(Object.keys(manifest).sort()).toEqual(
    ['createdAt', 'dataset', 'files', 'kind', 'model', 'name', 'schemaVersion'].sort(),
  );
});

test('a whole one opens, and a whole artifact as well', async () => {
  expect((await open('whole')).manifest).toMatchObject({ items: 20, dimensions: 9, maxLength: 5 });
  server.folders.artifact = artifactOf('tower');
  expect((await open('artifact')).ids).toHaveLength(20);
});

describe('at the door', () => {
  test.each<[string, (at: string) => Promise<void>, string, RegExp]>([
    [
      'cut',
      (at) => truncate(join(at, 'item_vectors.safetensors'), 100),
      'BAD_ARTIFACT',
      /has 100 bytes, and the manifest says/,
    ],
    [
      'flipped',
      async (at) => {
        const file = join(at, 'user_tower.onnx');
        const bytes = await readFile(file);
        bytes[bytes.length - 1] ^= 1;
        await writeFile(file, bytes);
      },
      'BAD_ARTIFACT',
      /user_tower\.onnx is another one/,
    ],
    ['half', (at) => rm(join(at, 'items.json')), 'BAD_ARTIFACT', /it has no items\.json/],
    [
      'unlisted',
      inManifest(({ files }) => delete files['items.json']),
      'BAD_ARTIFACT',
      /does not list items\.json/,
    ],
    [
      'newer',
      inManifest((manifest) => (manifest.schemaVersion = 3)),
      'NEWER_ARTIFACT',
      /version 3 of the format/,
    ],
    ['older', inManifest((manifest) => (manifest.schemaVersion = 1)), 'BAD_ARTIFACT', /version 1/],
    ['page', (at) => writeFile(join(at, 'manifest.json'), '<html>'), 'BAD_ARTIFACT', /not JSON/],
    ['null', (at) => writeFile(join(at, 'manifest.json'), 'null'), 'BAD_ARTIFACT', /names no version/],
    ['more', inManifest(({ model }) => (model.userInputs = ['age'])), 'UNSUPPORTED', /reads age/],
    ['count', inManifest(({ dataset }) => (dataset.items = 21)), 'BAD_ARTIFACT', /does not fit its manifest/],
  ])('%s', async (name, spoil, code, told) => {
    await expect(open(await spoilt(name, spoil))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(told),
    });
  });

  test('gone', async () => {
    await expect(open('gone')).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    const nowhere = BrowserModel.open('http://127.0.0.1:1/', false, noTower);
    await expect(nowhere).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('a model that no browser runs is not packed', async () => {
    for (const name of ['als', 'hybrid'])
      await expect(packForBrowser(artifactOf(name), join(folder, name))).rejects.toMatchObject({
        code: 'OTHER_MODEL',
      });
    await expect(packForBrowser(artifactOf('tower'), packed)).rejects.toMatchObject({
      code: 'FOLDER_IN_USE',
    });
    const wrong = packForBrowser(artifactOf('tower'), join(folder, 'x'), { vectors: 'int4' as 'int8' });
    await expect(wrong).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});

test('questions without sense', async () => {
  const model = await open('whole');
  await expect(model.recommend(['p0', 'nothing'], 3)).rejects.toMatchObject({ code: 'UNKNOWN_ITEM' });
  await expect(model.recommend(['p0'], 0)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  const { items, source } = await model.recommend([], 3);
  expect(source).toBe('popularity');
  expect(items.map(({ score }) => score)).toEqual([8, 8, 8]);
});

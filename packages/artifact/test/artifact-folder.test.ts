import { describe, expect, test } from '@jest/globals';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  artifactFiles,
  copyArtifact,
  holdArtifact,
  rewriteArtifact,
  verifyArtifact,
  writeArtifact,
} from '../src/index.js';
import { code, withFolders } from './setup.js';
import { facts } from './toy.js';

let parent: string;
let folder: string;
withFolders((made) => ({ parent, folder } = made));

const fill = (text: string) => async (fresh: string) => {
  await mkdir(join(fresh, 'text'));
  await writeFile(join(fresh, 'text/words.txt'), text);
};

describe('only an artifact’s files are replaced', () => {
  test('those that its manifest lists', async () => {
    await writeArtifact(folder, facts, fill('old'));
    expect([...(await artifactFiles(folder))].sort()).toEqual(['manifest.json', 'text/words.txt']);
    await writeArtifact(folder, facts, fill('new'));
    expect(await readFile(join(folder, 'text/words.txt'), 'utf8')).toBe('new');
    expect(await readdir(parent)).toEqual(['toy']);
  });

  test.each<[string, string]>([
    ['a web app’s', '{"name": "Shop", "start_url": "/", "icons": []}'],
    ['one that is no JSON', 'manifest'],
    ['one that lists files outside', '{"schemaVersion": 2, "files": {"../x": {"bytes": 1, "sha256": ""}}}'],
  ])('%s manifest.json makes no artifact: FOLDER_IN_USE for every writer', async (_, manifest) => {
    const source = join(parent, 'source');
    await writeArtifact(source, facts, fill('other'));
    await mkdir(folder);
    await writeFile(join(folder, 'manifest.json'), manifest);
    await writeFile(join(folder, 'index.html'), '<p>');
    const writers = [
      () => writeArtifact(folder, facts, fill('new')),
      async () => copyArtifact(await verifyArtifact(source), `${folder}/`),
      () => holdArtifact(`${folder}/.`, async () => undefined),
    ];
    for (const write of writers) await expect(write()).rejects.toEqual(code('FOLDER_IN_USE'));
    expect((await readdir(folder)).sort()).toEqual(['index.html', 'manifest.json']);
    expect(await readFile(join(folder, 'manifest.json'), 'utf8')).toBe(manifest);
    expect((await readdir(parent)).sort()).toEqual(['source', 'toy']);
  });

  test('notes that somebody keeps in an artifact stay, and so does the artifact', async () => {
    await writeArtifact(folder, facts, fill('old'));
    const before = await verifyArtifact(folder);
    await writeFile(join(folder, 'text/notes.txt'), 'mine');
    const change = async () => undefined;
    for (const write of [
      () => writeArtifact(folder, facts, fill('new')),
      () => rewriteArtifact(before, before.manifest, change),
    ])
      await expect(write()).rejects.toEqual(code('FOLDER_IN_USE'));
    expect(await readFile(join(folder, 'text/notes.txt'), 'utf8')).toBe('mine');
    expect(await verifyArtifact(folder)).toEqual(before);
  });

  test('a link to an artifact is followed, and stays a link', async () => {
    await writeArtifact(folder, facts, fill('old'));
    await symlink(folder, join(parent, 'link'), 'junction');
    await writeArtifact(join(parent, 'link'), facts, fill('new'));
    expect(await readFile(join(folder, 'text/words.txt'), 'utf8')).toBe('new');
    expect((await readdir(parent)).sort()).toEqual(['link', 'toy']);
  });
});

describe('two rewrites', () => {
  const change = (name: string) => (fresh: string) => writeFile(join(fresh, name), name);

  test('of one artifact that was read once: one wins, the other says so', async () => {
    await writeArtifact(folder, facts, fill('old'));
    const read = await verifyArtifact(folder);
    await rewriteArtifact(read, read.manifest, change('first'));
    const second = rewriteArtifact(read, read.manifest, change('second'));
    await expect(second).rejects.toEqual(code('ARTIFACT_CHANGED'));
    const now = (await verifyArtifact(folder)).manifest;
    expect(Object.keys(now.files)).toEqual(['first', 'text/words.txt']);
  });

  test('at once: one is LOCKED', async () => {
    await writeArtifact(folder, facts, fill('old'));
    const { manifest } = await verifyArtifact(folder);
    const both = await Promise.allSettled([
      rewriteArtifact(folder, manifest, change('a')),
      rewriteArtifact(folder, manifest, change('b')),
    ]);
    const lost = both.filter(({ status }) => status === 'rejected');
    expect(lost).toEqual([expect.objectContaining({ reason: code('LOCKED') })]);
    await verifyArtifact(folder);
  });

  test('replaced behind the lock’s back while it is rewritten: ARTIFACT_CHANGED, and the newer one stays', async () => {
    await writeArtifact(folder, facts, fill('old'));
    const { manifest } = await verifyArtifact(folder);
    const rewriting = rewriteArtifact(folder, manifest, async () => {
      await writeArtifact(join(parent, 'new'), { ...facts, name: 'newer' }, fill('newer'));
      await rm(folder, { recursive: true });
      await copyArtifact(await verifyArtifact(join(parent, 'new')), folder);
    });
    await expect(rewriting).rejects.toEqual(code('ARTIFACT_CHANGED'));
    expect((await verifyArtifact(folder)).manifest.name).toBe('newer');
  });

  test('of what is no artifact leave nothing beside it', async () => {
    await expect(rewriteArtifact(folder, facts as never, change('a'))).rejects.toEqual(
      code('ARTIFACT_NOT_FOUND'),
    );
    expect(await readdir(parent)).toEqual([]);
  });
});

import { expect, test } from '@jest/globals';
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { WatchedArtifact, writeArtifact } from '../src/index.js';
import { withFolders } from './setup.js';
import { facts } from './toy.js';

let parent: string;
let folder: string;
let watched: WatchedArtifact;
const model = (content: string) => (fresh: string) => writeFile(join(fresh, 'model.bin'), content);
withFolders((made) => {
  ({ parent, folder } = made);
  watched = new WatchedArtifact(folder);
}, model('one'));

const save = (into: string, content: string) => writeArtifact(into, facts, model(content));

/** What the next looks say. */
async function looks(count: number): Promise<boolean[]> {
  const found: boolean[] = [];
  for (let look = 0; look < count; look++) found.push(await watched.look());
  return found;
}

test('an artifact is worth a try when it comes, and not again', async () => {
  expect(await looks(3)).toEqual([true, false, false]);
  await save(join(parent, 'new'), 'two');
  await rename(folder, join(parent, 'old'));
  expect(await looks(1)).toEqual([false]);
  await rename(join(parent, 'new'), folder);
  expect(await looks(3)).toEqual([true, false, false]);
  watched.forget();
  expect(await looks(2)).toEqual([true, false]);
});

test('one that was refused is worth another try once its files have changed and are still, whichever it is', async () => {
  await save(join(parent, 'new'), 'two, and longer');
  await looks(1);
  await cp(join(parent, 'new', 'manifest.json'), join(folder, 'manifest.json'));
  expect(await looks(1)).toEqual([true]);
  watched.refused();
  expect(await looks(3)).toEqual([false, false, false]);
  await writeFile(join(folder, 'model.bin'), 'two');
  expect(await looks(1)).toEqual([false]); // on its way
  await writeFile(join(folder, 'model.bin'), 'two, and longer');
  expect(await looks(3)).toEqual([false, true, false]);
  watched.refused();
  await rm(join(folder, 'model.bin'));
  expect(await looks(3)).toEqual([false, true, false]);
  watched.refused();
  await writeFile(join(folder, 'stray.txt'), 'not of the artifact');
  expect(await looks(3)).toEqual([false, false, false]);
});

test('a manifest that is cut off is no hindrance to the whole one', async () => {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8');
  await writeFile(join(folder, 'manifest.json'), text.slice(0, 50));
  expect(await looks(1)).toEqual([true]);
  watched.refused();
  expect(await looks(2)).toEqual([false, false]);
  await writeFile(join(folder, 'manifest.json'), text);
  expect(await looks(2)).toEqual([true, false]);
});

test('what an artifact needs may come later: it is tried again after a while, files or not', async () => {
  await looks(1);
  watched.retry();
  expect(await looks(1)).toEqual([false]);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(await looks(2)).toEqual([true, false]);
});

(process.platform === 'linux' ? test : test.skip)(
  'a folder that is a mount point is told from others, by a link too',
  async () => {
    expect(await watched.isMountPoint()).toBe(false);
    await symlink('/proc', join(parent, 'link'));
    expect(await new WatchedArtifact(join(parent, 'link')).isMountPoint()).toBe(true);
    expect(await new WatchedArtifact('/proc/').isMountPoint()).toBe(true);
    expect(await new WatchedArtifact('/proc/self').isMountPoint()).toBe(false);
    await mkdir(join(parent, 'below'));
    expect(await new WatchedArtifact(join(parent, 'below', '..', 'nowhere')).isMountPoint()).toBe(false);
  },
);

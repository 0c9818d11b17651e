import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyArtifact } from '@towerkit/artifact';
import { openArtifact } from '@towerkit/recommend';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ITEMS, removeFolder, start, towerkit, workFolder, writeRing, type Ended } from './command.js';

let folder: string;
const at = (name: string) => join(folder, name);
const train = (...args: string[]) => ['train', '--config', 'ring.mjs', '--epochs', '1', ...args];
const als = (...args: string[]) => ['baseline', 'als', '--config', 'ring.mjs', ...args];
const addItems = (artifact: string, items: string) => ['add-items', '--artifact', artifact, '--items', items];
const index = (artifact: string) => ['index', '--artifact', artifact, '--driver', 'exact', '--recall', '0.9'];

beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder);
  const config = await readFile(at('ring.mjs'), 'utf8');
  await writeFile(at('ring.mjs'), config.replace('user: gruTower({ dimensions: 8 }),', '$& idDropout: 0.2,'));
  expect(await towerkit(train('--out', 'good'), folder)).toMatchObject({ status: 0 });
  for (const name of ['a', 'b'])
    await writeFile(at(`${name}.csv`), `id,title,kind,price\nnew-${name},New ${name},kind1,3\n`);
});
afterAll(() => removeFolder(folder));

async function copy(name: string): Promise<string> {
  await cp(at('good'), at(name), { recursive: true });
  return name;
}

const code = ({ stderr }: Ended) => /^error ([A-Z_]+): /m.exec(stderr)?.[1];

/** Runs two commands at once: one that fails must say why, and do no harm. */
async function atOnce(...commands: readonly string[][]): Promise<boolean[]> {
  const ended = await Promise.all(commands.map((args) => start(args, folder).ended));
  for (const one of ended)
    if (one.status !== 0) {
      expect(['LOCKED', 'ARTIFACT_CHANGED']).toContain(code(one));
      expect(one.status).toBe(2);
      expect(one.stderr.split('\n').filter((line) => line.startsWith('error '))).toHaveLength(1);
    }
  return ended.map(({ status }) => status === 0);
}

const leftIn = async (place: string) => (await readdir(place)).filter((name) => name.startsWith('.'));

describe('two commands at once on one artifact', () => {
  test.each([1, 2, 3])(
    'index and add-items (%i): who ends with 0 took effect, and all is whole',
    async (round) => {
      const name = await copy(`both-${round}`);
      const [indexed, added] = await atOnce(index(name), addItems(name, 'a.csv'));
      expect(indexed || added).toBe(true);
      const opened = await openArtifact(at(name), { threads: 1 });
      expect(opened.items.size).toBe(ITEMS + Number(added));
      expect('index/index.json' in opened.manifest.files).toBe(indexed);
      await opened.dispose();
      expect(await leftIn(folder)).toEqual([]);
    },
  );

  test('two add-items: no item that was reported is lost', async () => {
    const name = await copy('adding');
    const added = await atOnce(addItems(name, 'a.csv'), addItems(name, 'b.csv'));
    expect(added).toContain(true);
    const opened = await openArtifact(at(name), { threads: 1 });
    expect(['new-a', 'new-b'].map((id) => opened.items.indexOf(id) !== undefined)).toEqual(added);
    await opened.dispose();
  });

  test('two trainings into one --out: one is refused before it touches the run of the other', async () => {
    const ended = await atOnce(train('--out', 'twice'), train('--out', 'twice/'));
    expect(ended.filter(Boolean)).toHaveLength(1);
    await verifyArtifact(at('twice'));
    expect((await readFile(at('twice.run/metrics.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(1);
  });
});

describe('an --out that holds something else', () => {
  const app = '{"name": "Shop", "start_url": "/"}';
  test.each([
    ['train', train],
    ['baseline', als],
  ])('%s: FOLDER_IN_USE, and nothing of it is touched', async (command, args) => {
    const name = `app-${command}`;
    await mkdir(at(name));
    await writeFile(at(`${name}/manifest.json`), app);
    await writeFile(at(`${name}/index.html`), '<p>');
    await symlink(at(name), at(`${name}-link`), 'junction');
    for (const out of [name, `${name}/`, `./${name}/.`, `${name}-link`])
      expect(code(await towerkit(args('--out', out), folder))).toBe('FOLDER_IN_USE');
    expect((await readdir(at(name))).sort()).toEqual(['index.html', 'manifest.json']);
    expect(await readFile(at(`${name}/manifest.json`), 'utf8')).toBe(app);
    expect(await leftIn(folder)).toEqual([]);
  });
});

const memory = existsSync('/dev/shm') ? test : test.skip;
memory('a link into another file system: written there, whole, by every command', async () => {
  const other = await mkdtemp('/dev/shm/towerkit-');
  try {
    await mkdir(join(other, 'shop'));
    await symlink(join(other, 'shop'), at('elsewhere'));
    for (const args of [
      train('--out', 'elsewhere'),
      index('elsewhere/'),
      addItems('elsewhere', 'a.csv'),
      als('--out', 'elsewhere'),
    ]) {
      expect(await towerkit(args, folder)).toMatchObject({ status: 0 });
      await verifyArtifact(join(other, 'shop'));
    }
    expect((await verifyArtifact(at('elsewhere'))).manifest.kind).toBe('als');
    expect(await readdir(other)).toEqual(['shop']);
  } finally {
    await rm(other, { recursive: true });
  }
});

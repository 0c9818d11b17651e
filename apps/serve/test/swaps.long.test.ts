import { expect, test } from '@jest/globals';
import { openArtifact } from '@towerkit/recommend';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Answer } from '../src/schemas/recommendations.js';
import { endlessOutput } from './setup/endless-onnx.js';
import { cleanups, folderOf, start, until } from './setup/cleanup.js';
import { artifact, copyOf, spawnServer, type TestServer } from './setup/server.js';
import { renew, seal } from './setup/tampering.js';

interface Model {
  readonly version: string;
  readonly mounted: boolean;
  readonly refused?: { readonly version?: string; readonly code: string };
}
const modelOf = async (server: TestServer) =>
  (await server.get<{ models: Model[] }>('/v1/models')).body.models[0];
const readiness = async (server: TestServer) => {
  const { status, body } = await server.get<{ warnings?: string[] }>('/health/ready');
  return [status, body.warnings];
};
const idsOf = ({ items }: { items: readonly { id: string }[] }) => items.map(({ id }) => id);

/** A link that servers follow, and a way to let it point to another folder at once. */
async function linkIn(folder: string): Promise<{ link: string; point: (to: string) => Promise<void> }> {
  const link = join(folder, 'current');
  const point = async (to: string) => {
    await symlink(join(folder, to), `${link}.new`);
    await rename(`${link}.new`, link);
  };
  return { link, point };
}

test('a copy that comes file by file, its manifest first, answers once it is whole; until then all answers are of the last', async () => {
  const folder = await folderOf();
  const live = await copyOf('text', join(folder, 'live'));
  const hook = fileURLToPath(new URL('./setup/end-threads.mjs', import.meta.url));
  const server = await start(folder, { artifacts: [live], watch: 100 }, [process.execPath, '--import', hook]);
  const { version: first } = await modelOf(server);
  expect(await readiness(server)).toEqual([200, undefined]);

  const manifest = await readFile(join(artifact('tower-2'), 'manifest.json'), 'utf8');
  await writeFile(join(live, 'manifest.json'), manifest);
  await until(async () => (await modelOf(server)).refused !== undefined);
  expect((await modelOf(server)).refused!.code).toBe('BAD_ARTIFACT');
  expect(await readiness(server)).toEqual([200, ['BAD_ARTIFACT']]);

  // No text was asked for yet: the item tower and the text encoder are opened now, and by the thread that comes next.
  for (const name of ['item_tower.onnx', 'weights.safetensors', 'items.parquet'])
    await writeFile(join(live, name), 'junk');
  await rm(join(live, 'text'), { recursive: true });
  const whole = await openArtifact(artifact('text'), { threads: 1 });
  const wanted = idsOf(await whole.recommend({ text: whole.titles![3]! }, 5));
  const likeFirst = (await whole.recommend(['P0001', 'P0002'], 5)).items.map(({ id }) => id);
  const text = whole.titles![3]!;
  await whole.dispose();
  const ask = async (question: object) =>
    (await server.post<Answer>('/v1/recommendations', { ...question, k: 5 })).body;
  const asked = async () => {
    const answers = [await ask({ text }), await ask({ history: ['P0001', 'P0002'] })];
    expect(answers.map(({ version }) => version)).toEqual([first, first]);
    expect(answers.map(idsOf)).toEqual([wanted, likeFirst]);
  };
  await asked();
  server.process.kill('SIGUSR2');
  await sleep(500);
  await asked();

  const { files } = JSON.parse(manifest) as { files: Record<string, unknown> };
  for (const name of Object.keys(files)) {
    const bytes = await readFile(join(artifact('tower-2'), name));
    await mkdir(join(live, name, '..'), { recursive: true });
    await writeFile(join(live, name), bytes.subarray(0, bytes.length >> 1));
    await sleep(150);
    await appendFile(join(live, name), bytes.subarray(bytes.length >> 1));
    await sleep(150);
  }
  await until(async () => (await modelOf(server)).version !== first);
  expect((await modelOf(server)).refused).toBeUndefined();
  expect(await readiness(server)).toEqual([200, undefined]);
  expect((await ask({ history: ['P0001'] })).version).not.toBe(first);
  expect(await server.stop()).toBe(0);
});

test('a file that is none is refused at once, whatever stands there, and neither swaps nor SIGTERM wait for it', async () => {
  const folder = await folderOf();
  await copyOf('popularity', join(folder, 'good'));
  const { link, point } = await linkIn(folder);
  await point('good');
  const server = await start(folder, { artifacts: [link], watch: 100 });
  const { version: first } = await modelOf(server);
  const kinds: Record<string, (path: string) => Promise<unknown>> = {
    fifo: async (path) => execFileSync('mkfifo', [path]),
    device: (path) => symlink('/dev/zero', path),
    folder: (path) => mkdir(path),
    link: (path) => symlink(join(artifact('popularity'), 'items.parquet'), path),
    loop: (path) => symlink(path, path),
  };
  let at = 0;
  for (const [kind, make] of Object.entries(kinds)) {
    const spoiled = await copyOf('popularity', join(folder, kind));
    await renew(spoiled, `2030-01-01T00:00:0${at++}.000Z`);
    await rm(join(spoiled, 'items.parquet'));
    await make(join(spoiled, 'items.parquet'));
    const before = (await modelOf(server)).refused?.version;
    await point(kind);
    await until(async () => ![undefined, before].includes((await modelOf(server)).refused?.version));
    expect((await modelOf(server)).refused!.code).toBe('BAD_ARTIFACT');
  }
  // The manifest itself.
  const spoiled = await copyOf('popularity', join(folder, 'no manifest'));
  await rm(join(spoiled, 'manifest.json'));
  execFileSync('mkfifo', [join(spoiled, 'manifest.json')]);
  await point('no manifest');
  await until(async () => server.said().includes('manifest.json is not a regular file'));
  const { version, refused } = await modelOf(server);
  expect([version, refused!.code]).toEqual([first, 'BAD_ARTIFACT']);

  await cp(artifact('tower-2'), join(folder, 'better'), { recursive: true });
  await point('better');
  await until(async () => (await modelOf(server)).version !== first);
  expect(await readiness(server)).toEqual([200, undefined]);
  expect(await server.stop()).toBe(0);
});

test('a model that never ends is given up when its time is over, and neither a swap nor a start to it outlives SIGTERM', async () => {
  const folder = await folderOf();
  await copyOf('tower', join(folder, 'good'));
  for (const [at, name] of ['endless', 'endless too'].entries()) {
    const endless = await copyOf('tower', join(folder, name));
    await appendFile(join(endless, 'user_tower.onnx'), endlessOutput());
    await seal(endless, 'user_tower.onnx');
    await renew(endless, `2030-01-01T00:00:0${at}.000Z`);
  }
  const { link, point } = await linkIn(folder);
  await point('good');
  const server = await start(folder, { artifacts: [link], watch: 100, limits: { open: 20_000 } });
  const { version } = await modelOf(server);
  await point('endless');
  await until(async () => (await modelOf(server)).refused !== undefined);
  expect(await modelOf(server)).toMatchObject({ version, refused: { code: 'TIMEOUT' } });
  expect(server.said()).toContain('TIMEOUT');
  expect(await readiness(server)).toEqual([200, ['TIMEOUT']]);
  expect((await server.post<Answer>('/v1/recommendations', { history: ['P0001'], k: 5 })).body.version).toBe(
    version,
  );
  await point('endless too');
  await sleep(5000);
  expect(await server.stop()).toBe(0);
  expect(server.said()).not.toContain('by force');

  const starting = await spawnServer(folder, { artifacts: [join(folder, 'endless')] });
  cleanups.push(async () => starting.kill('SIGKILL'));
  const ended = once(starting, 'exit');
  await sleep(6000);
  starting.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test.each(['text', 'hybrid'])(
  'a text encoder of %s that is broken is found before it serves',
  async (name) => {
    const folder = await folderOf();
    await copyOf(name, join(folder, 'good'));
    const spoiled = await copyOf(name, join(folder, 'spoiled'));
    const { files } = JSON.parse(await readFile(join(spoiled, 'manifest.json'), 'utf8')) as { files: object };
    const encoder = Object.keys(files).find((file) => /^text\/.*safetensors$/.test(file))!;
    await writeFile(join(spoiled, encoder), 'junk');
    await seal(spoiled, encoder);
    const { link, point } = await linkIn(folder);
    await point('good');
    const server = await start(folder, { artifacts: [link], watch: 100 });
    const { version } = await modelOf(server);
    await point('spoiled');
    await until(async () => (await modelOf(server)).refused !== undefined);
    expect((await modelOf(server)).version).toBe(version);
    const { status } = await server.post('/v1/recommendations', { text: 'vintage album', k: 3 });
    expect(status).toBe(200);
    expect(await server.stop()).toBe(0);
  },
);

const canMount = spawnSync('unshare', ['-m', 'true']).status === 0;
(canMount ? test : test.skip)(
  'an artifact that is a mount point, where a swap outside does not show, is told of',
  async () => {
    const folder = await folderOf();
    const outside = await copyOf('popularity', join(folder, 'outside'));
    const inside = join(folder, 'a shop');
    await mkdir(inside);
    const server = await start(folder, { artifacts: [inside], watch: 100 }, [
      ...['unshare', '-m', 'sh', '-c'],
      ...['mount --bind "$0" "$1" && shift && exec "$@"', outside, inside, process.execPath],
    ]);
    expect(server.said()).toContain('is a mount point');
    expect(await readiness(server)).toEqual([200, ['MOUNTED_ARTIFACT']]);
    expect((await modelOf(server)).mounted).toBe(true);
    expect(await server.stop()).toBe(0);
  },
);

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { loadConfig } from '../src/config-files.js';
import { describeConfig, withPathsFrom } from '../src/index.js';

let folder: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'load-config-')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, text: string) => {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

test('a TypeScript config with its own relative imports, which leaves nothing on disk', async () => {
  await write('base.ts', `export const base: { readonly epochs: number } = { epochs: 7 };`);
  const file = await write(
    'own.config.ts',
    `import { readFileSync } from 'node:fs';
     import { base } from './base.js';
     const { batchSize } = JSON.parse(readFileSync(new URL('settings.json', import.meta.url), 'utf8'));
     export default { ...base, name: 'own', batchSize };`,
  );
  await write('settings.json', '{"batchSize": 33}');
  const loaded = await loadConfig(file);
  expect(loaded).toMatchObject({ folder, file, config: { name: 'own', epochs: 7, batchSize: 33, seed: 0 } });
  expect((await readdir(folder)).sort()).toEqual(['base.ts', 'own.config.ts', 'settings.json']);
});

test('the hash is of what a config says, wherever the program runs, and of what it imports', async () => {
  const file = join(folder, 'own.config.ts');
  const { hash } = await loadConfig(file);
  expect((await loadConfig(file)).hash).toBe(hash);
  await write('base.ts', `export const base: { readonly epochs: number } = { epochs: 8 };`);
  expect((await loadConfig(file)).hash).not.toBe(hash);
});

test('JSON', async () => {
  const { config } = await loadConfig(await write('plain.json', '{"name": "plain", "epochs": 2}'));
  expect(config).toMatchObject({ name: 'plain', epochs: 2 });
});

test('a package that the program shares is its own; others are looked up from the config', async () => {
  const mine = await write('mine.mjs', `export const name = 'shared';`);
  await write('node_modules/asked/package.json', '{"name": "asked", "type": "module", "main": "main.js"}');
  await write('node_modules/asked/main.js', `export const name = 'of-the-config';`);
  await write('node_modules/other/package.json', '{"name": "other", "type": "module", "main": "main.js"}');
  await write('node_modules/other/main.js', `export const epochs = 3;`);
  const file = await write(
    'shares.ts',
    `import { name } from 'asked';
     import { epochs } from 'other';
     export default { name, epochs };`,
  );
  const resolve = (specifier: string) => (specifier === 'asked' ? pathToFileURL(mine).href : undefined);
  expect((await loadConfig(file, { resolve })).config).toMatchObject({ name: 'shared', epochs: 3 });
  expect((await loadConfig(file)).config).toMatchObject({ name: 'of-the-config', epochs: 3 });
});

test('by name, from a folder of configs', async () => {
  const named = join(folder, 'configs');
  await write('configs/study/first.ts', `export default { name: 'first' };`);
  expect((await loadConfig('study/first', { named })).folder).toBe(join(named, 'study'));
  await expect(loadConfig('study/frist', { named })).rejects.toMatchObject({
    code: 'CONFIG_NOT_FOUND',
    hint: 'did you mean study/first?',
  });
  await expect(loadConfig('quite-another', { named })).rejects.toMatchObject({
    hint: 'give a file, or one of study/first',
  });
  await expect(loadConfig('quite-another')).rejects.toMatchObject({ hint: 'give a file' });
});

test.each([
  ['throws', `throw new Error('no luck\\nat all');`, /it threw: no luck$/],
  ['no-default', `export const config = {};`, /it has no default export/],
  ['broken', `export default {`, /broken\.ts:1: Expected identifier/],
  ['unknown-key', `export default { name: 'x', epoch: 3 };`, /epoch/],
])('BAD_CONFIG: %s', async (name, text, message) => {
  const file = await write(`${name}.ts`, text);
  const error: unknown = await loadConfig(file).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'BAD_CONFIG' });
  expect(String(error)).toMatch(message);
});

test('paths of a config, from where it stands', async () => {
  const file = await write(
    'paths.json',
    JSON.stringify({
      name: 'paths',
      start: { items: { from: 'vectors.npy', ids: 'ids.txt' } },
      distill: { teacher: 'als' },
    }),
  );
  const { config } = await loadConfig(file);
  expect(withPathsFrom(config, folder)).toMatchObject({
    start: { items: { from: join(folder, 'vectors.npy'), ids: join(folder, 'ids.txt') } },
    distill: { teacher: join(folder, 'als') },
  });
  const plain = (await loadConfig(join(folder, 'plain.json'))).config;
  expect(withPathsFrom(plain, folder)).toEqual(plain);
});

test('every key is described with its default', () => {
  expect(describeConfig()).toMatch(/\n {2}epochs +.*\[\d+\]/);
  expect(describeConfig()).toMatch(/\n {2}optimizer\.learningRate /);
});

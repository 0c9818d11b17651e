import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from './command.js';
import { installed } from './project.js';

const ARTIFACTS = join(import.meta.dirname, '../../pipeline/test/artifacts/v2');

/** What a server needs not: it is for training. */
const TRAINERS =
  /node_modules[/\\](@tensorflow[/\\][^/\\]+|esbuild|commander|towerkit|@towerkit[/\\](datasets|pipeline|sampling|towers|training))([/\\]|$)/;

let project: string;
beforeAll(async () => {
  project = await installed(['@towerkit/serve']);
});
afterAll(() => rm(project, { recursive: true }));

test('the server is installed without what trains', async () => {
  const { packages } = JSON.parse(
    await readFile(join(project, 'node_modules/.package-lock.json'), 'utf8'),
  ) as { packages: Record<string, unknown> };
  const names = Object.keys(packages);
  expect(names.filter((name) => TRAINERS.test(name))).toEqual([]);
  for (const needed of ['@towerkit/serve', '@towerkit/recommend', '@towerkit/hybrid', 'onnxruntime-node'])
    expect(names).toContain(`node_modules/${needed}`);
});

test('it answers from every kind of model, and loads nothing that trains', async () => {
  await cp(ARTIFACTS, join(project, 'artifacts'), { recursive: true });
  const kinds = ['tower', 'als', 'hybrid'];
  const out = await run(
    process.execPath,
    ['--import', './record-modules.mjs', 'serve.mjs', ...kinds.map((kind) => `artifacts/${kind}`)],
    project,
    { LOADED_MODULES: join(project, 'loaded.txt') },
  );
  const recorded = JSON.parse(await readFile(join(ARTIFACTS, 'answers.json'), 'utf8'));
  const answers = JSON.parse(out.trim().split('\n').at(-1)!) as Record<string, unknown[]>;
  for (const kind of kinds) {
    const { history, user, text } = recorded[kind];
    expect(answers[kind]).toEqual([history.items, user.items, text?.items ?? 'NO_CONTENT']);
  }
  const loaded = (await readFile(join(project, 'loaded.txt'), 'utf8')).split('\n');
  expect(loaded.filter((file) => TRAINERS.test(file))).toEqual([]);
  // It did record: ES modules, CommonJS and those of threads.
  for (const seen of [
    '@towerkit/serve/dist/index.js',
    'fastify/fastify.js',
    '@towerkit/serve/dist/model-worker.js',
    'onnxruntime-node',
  ])
    expect(loaded.filter((file) => file.replaceAll('\\', '/').includes(seen)).length).toBeGreaterThan(0);
});

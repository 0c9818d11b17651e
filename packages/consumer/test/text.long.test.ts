import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { run } from './command.js';
import { alone, installed } from './project.js';

/** Where the shared models are: TOWERKIT_SHARED, or `shared` beside a folder above. */
function models(): string | undefined {
  const found = (shared: string) =>
    existsSync(join(shared, 'models/all-MiniLM-L6-v2')) ? join(shared, 'models') : undefined;
  if (process.env.TOWERKIT_SHARED) return found(process.env.TOWERKIT_SHARED);
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(dirname(folder), 'shared'))) return found(join(dirname(folder), 'shared'));
  return undefined;
}

let project: string;
beforeAll(async () => {
  // No install script may run, that of `sharp` neither.
  project = await installed(['@towerkit/text', '@towerkit/engine'], {
    registry: { '@huggingface/transformers': '^4.3.1', '@tensorflow/tfjs-core': '4.22.0' },
    flags: ['--ignore-scripts'],
  });
});
afterAll(() => rm(project, { recursive: true, force: true }));

const minilm = async (folder: string, module: 'mjs' | 'cjs', place = project) => {
  const load = module === 'mjs' ? "await import('@towerkit/text')" : "require('@towerkit/text')";
  const body = `
    const { minilm } = ${load};
    const done = minilm({ models: ${JSON.stringify(folder)}, threads: 1 })
      .then((encoder) => encoder.encode(['a red hat', '']))
      .then(({ rows, cols }) => console.log(rows, cols), (error) => console.log(error.code));`;
  await writeFile(join(place, `minilm.${module}`), body);
  return run('node', [`minilm.${module}`], place);
};

test('MiniLM and the engine share one ONNX Runtime', async () => {
  const lock = JSON.parse(await readFile(join(project, 'node_modules/.package-lock.json'), 'utf8'));
  const copies = Object.keys(lock.packages).filter((path) => path.endsWith('node_modules/onnxruntime-node'));
  expect(copies).toEqual(['node_modules/onnxruntime-node']);
});

test.each(['mjs', 'cjs'] as const)('MiniLM loads without install scripts (%s)', async (module) => {
  expect(await minilm(join(project, 'nowhere'), module)).toBe('MODEL_UNAVAILABLE\n');
});

(models() === undefined ? test.skip : test).each(['mjs', 'cjs'] as const)(
  'and encodes (%s)',
  async (module) => {
    expect(await minilm(models()!, module)).toBe('2 384\n');
  },
);

test('LSA alone brings neither transformers.js nor ONNX Runtime along', async () => {
  const small = await alone(['@towerkit/text']);
  const names = await readdir(join(small, 'node_modules'));
  expect(names.filter((name) => !name.startsWith('.'))).toEqual(['@towerkit']);
  for (const module of ['mjs', 'cjs'] as const)
    expect(await minilm('models', module, small)).toBe('MISSING_PACKAGE\n');
  await rm(small, { recursive: true, force: true });
});

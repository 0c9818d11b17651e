import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';
import { transform } from 'esbuild';
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PACKAGE = join(import.meta.dirname, '..');

test('the whole pipeline runs from arrays in memory', async () => {
  const source = await readFile(join(PACKAGE, 'examples/in-memory.ts'), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'node20' });
  const file = join(PACKAGE, 'examples/.in-memory.mjs');
  await writeFile(file, code);
  try {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: PACKAGE, env });
    expect(stdout).toMatch(/^epoch 1: loss \d/);
    expect(stdout).toMatch(/200 users, 30 items; best epoch \d+\n$/);
    const last = [...stdout.matchAll(/HR@3 (\d\.\d+)/g)].at(-1)![1];
    expect(Number(last)).toBeGreaterThan(0.6);
  } finally {
    await rm(file, { force: true });
  }
});

test('the README example runs', async () => {
  expect(await runReadme(PACKAGE)).toContain('games: 9 epochs');
});

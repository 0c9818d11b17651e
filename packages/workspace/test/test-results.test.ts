import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { clearResults, collectResults, printResults } from '../scripts/test-results.mjs';

const suite = (name: string, ...statuses: string[]) => ({
  name,
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status, at) => ({ status, fullName: `${status} ${at}` })),
});

describe('results of all packages', () => {
  let root: string;
  let printed: string;
  const full = process.env.TOWERKIT_FULL;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'towerkit-results-'));
    for (const parent of ['packages', 'apps', 'datasets']) await mkdir(join(root, parent));
    printed = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += text;
      return true;
    });
    delete process.env.TOWERKIT_FULL;
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    if (full !== undefined) process.env.TOWERKIT_FULL = full;
    await rm(root, { recursive: true });
  });

  const add = async (path: string, testResults?: object[], scripts: object = { test: 'x' }) => {
    const folder = join(root, path);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: path, scripts }));
    if (testResults) await writeFile(join(folder, 'test-results.json'), JSON.stringify({ testResults }));
  };
  const total = (options: Parameters<typeof printResults>[1] = { ranWell: true, all: true }) => {
    const status = printResults(collectResults(root), options);
    return [status, printed.trimEnd().split('\n').at(-1)];
  };

  test('are added up, packages without tests aside', async () => {
    await add('packages/a', [suite('x', 'passed', 'passed'), suite('y', 'passed')]);
    await add('apps/b', [suite('z', 'passed')]);
    await add('datasets', undefined, {});
    expect(total()).toEqual([0, '4 passed, 0 failed (full tier)']);
    expect(printed).toBe('4 passed, 0 failed (full tier)\n');
  });

  test('list what was skipped, and fail for it in a full run', async () => {
    await add('packages/a', [suite('x', 'passed', 'pending', 'todo')]);
    expect(total()).toEqual([0, '1 passed, 0 failed, 2 skipped (full tier)']);
    expect(printed).toContain('Skipped in packages/a:\n  - pending 1\n  - todo 2\n');
    process.env.TOWERKIT_FULL = '1';
    expect(total()).toEqual([1, '1 passed, 2 failed (full tier)']);
  });

  test('count a failed test, a file that does not load and a package that left no report', async () => {
    await add('packages/a', [suite('x', 'passed', 'failed')]);
    await add('packages/b', [{ ...suite(join(root, 'packages/b/test/y.test.ts')), status: 'failed' }]);
    await add('packages/c');
    expect(total({ ranWell: false, all: true })).toEqual([1, '1 passed, 3 failed (full tier)']);
    expect(printed).toContain('Failed in packages/b:\n  - test/y.test.ts (the file itself)\n');
    expect(printed).toContain('Tests that did not run: packages/c\n');
  });

  test('fail when the run failed for another reason', async () => {
    await add('packages/a', [suite('x', 'passed')]);
    expect(total({ ranWell: false, all: true })).toEqual([1, '1 passed, 1 failed (full tier)']);
  });

  test('of the quick tier say how to have the others', async () => {
    await add('packages/a', [suite('x', 'passed', 'pending')]);
    expect(total({ ranWell: true, all: true, tier: 'quick' })).toEqual([
      0,
      '1 passed, 0 failed, 1 skipped (quick tier; npm run test:full runs all)',
    ]);
  });

  test('of earlier runs are forgotten', async () => {
    await add('packages/a', [suite('x', 'passed')]);
    clearResults(root);
    expect(existsSync(join(root, 'packages/a/test-results.json'))).toBe(false);
    expect(total({ ranWell: true, all: false })).toEqual([0, '0 passed, 0 failed (full tier)']);
  });
});

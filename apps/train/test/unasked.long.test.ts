import { canWatch, runUnasked } from '@towerkit/workspace/unasked';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { BIN, removeFolder, towerkit, workFolder, writeRing } from './command.js';

let folder: string;
beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder, { epochs: 1 });
  const { status, stderr } = await towerkit(['train', '--config', 'ring.mjs', '--out', 'model'], folder);
  if (status !== 0) throw new Error(stderr);
});
afterAll(() => removeFolder(folder));

const watched = canWatch ? test : test.skip;
const EMPTY = ['home', 'tmp', 'work'];
const NOWHERE = '/proc/no-home';

/** Asks a server for what each of its parts loads, and ends it. */
async function meet(child: ChildProcess): Promise<void> {
  const [line] = (await once(child.stdout!, 'data')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  for (const path of [
    '/v1/recommendations?history=i1',
    '/v1/items/i1/similar',
    '/docs',
    '/metrics',
    '/health/ready',
  ]) {
    const { status } = await fetch(url + path);
    if (status !== 200) throw new Error(`${path}: ${status}`);
  }
  const event = { user: 'u1', item: 'i2', type: 'click' };
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(event) });
  process.kill(child.pid!, 'SIGTERM');
}

describe.each([
  ['with an empty home', undefined],
  ['without a home', NOWHERE],
])('%s', (_, home) => {
  test('training leaves the artifact and its run, and asks no one', async () => {
    const args = ['train', '--config', join(folder, 'ring.mjs'), '--out', 'model'];
    const { status, stderr, files, asked } = await runUnasked([BIN, ...args], { home });
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('elemetry')]);
    expect(files.filter((file) => !/^work\/model(\.run)?(\/|$)/.test(file))).toEqual(EMPTY);
    expect(asked).toEqual([]);
  });

  test('serving leaves the events, and asks no one', async () => {
    const args = ['serve', '--artifact', join(folder, 'model'), '--port', '0', '--json'];
    const { status, stderr, files, asked } = await runUnasked([BIN, ...args], { home, meet });
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('elemetry')]);
    expect(files.filter((file) => !/^work\/events\.db/.test(file))).toEqual(EMPTY);
    expect(asked).toEqual([]);
  });

  test.each([
    ['a recommendation', ['recommend', '--history', 'i1']],
    ['an evaluation', ['evaluate']],
  ])('%s leaves nothing, and asks no one', async (_, [command, ...rest]) => {
    const args = [command, '--artifact', join(folder, 'model'), ...rest];
    const { status, files, asked } = await runUnasked([BIN, ...args], { home });
    expect({ status, files, asked }).toEqual({ status: 0, files: EMPTY, asked: [] });
  });
});

watched('what is looked up is seen, by another process too', async () => {
  const program = `require('node:dns').lookup('towerkit.invalid', () => 0)`;
  const child = `require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(program)}])`;
  for (const code of [program, child])
    expect((await runUnasked(['-e', code])).asked.length).toBeGreaterThan(0);
});

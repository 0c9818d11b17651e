import { beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { run } from './command.js';
import { everything } from './project.js';

let project: string;
beforeAll(async () => {
  project = await everything();
});

test('npx towerkit serve answers in a folder outside the repository', async () => {
  await run(
    'npx',
    ['--no-install', 'towerkit', 'train', '--config', 'shop', '--epochs', '1', '--out', 'shop', '--json'],
    project,
  );
  // Node itself: npx would stand between this test and the server's end.
  const server = spawn(
    process.execPath,
    ['node_modules/towerkit/bin/towerkit.mjs', 'serve', '--artifact', 'shop', '--port', '0', '--json'],
    {
      cwd: project,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '', NODE_PATH: '' },
    },
  );
  const ended = once(server, 'exit');
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const { url, items } = JSON.parse(line) as { url: string; items: number };
  expect(items).toBe(2000);
  const answer = await fetch(`${url}/v1/recommendations?history=P0001,P0002,P0003&k=5`);
  expect(answer.status).toBe(200);
  const body = (await answer.json()) as { items: unknown[]; source: string };
  expect(body.source).toBe('two-tower');
  expect(body.items).toHaveLength(5);
  expect(await (await fetch(url)).text()).toContain('Towerkit');
  server.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

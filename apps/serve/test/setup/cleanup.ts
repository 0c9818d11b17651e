import { afterEach } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';

import { scratch, startServer, type TestServer } from './server.js';

/** What is undone after each test of the file that imports this, the last first. */
export const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** A folder that is removed after the test. */
export async function folderOf(): Promise<string> {
  const { folder, remove } = await scratch();
  cleanups.push(remove);
  return folder;
}

/** A server that is killed after the test, if it still runs. */
export async function start(...given: Parameters<typeof startServer>): Promise<TestServer> {
  const server = await startServer(...given);
  cleanups.push(async () => {
    server.process.kill('SIGKILL');
    await server.ended;
  });
  return server;
}

/** Waits for something to be so, for two minutes at most. */
export async function until(what: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await what()); attempt++) {
    if (attempt > 1200) throw new Error('it did not come about');
    await sleep(100);
  }
}

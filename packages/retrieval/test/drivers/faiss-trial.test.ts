import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { tryIndex } from '../../src/drivers/faiss/trial.js';

/** In the place of faiss-node: it does what the file says. */
const MODULE = `
const { readFileSync } = require('node:fs');
exports.Index = {
  read(path) {
    const what = readFileSync(path, 'utf8');
    if (what === 'throws') throw new Error('Index type 0x1234 not recognized');
    return {
      ntotal: () => 3,
      search(query, k) {
        if (query.length !== 4 || k !== 3) throw new Error('asked otherwise');
        if (what === 'crashes') process.kill(process.pid, 'SIGSEGV');
        while (what !== 'searches');
      },
    };
  },
};
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-trial-'));
  await writeFile(join(folder, 'faiss.cjs'), MODULE);
});
afterAll(() => rm(folder, { recursive: true }));

const tried = async (what: string, timeout?: number) => {
  const file = join(folder, what);
  await writeFile(file, what);
  return tryIndex({ module: join(folder, 'faiss.cjs'), file, dimensions: 4 }, timeout);
};
const bad = (message: RegExp) =>
  expect.objectContaining({ code: 'BAD_INDEX', message: expect.stringMatching(message) });

test('a file that is read and searched passes', () => tried('searches'));

test('one that ends, holds or refuses the process that tries it is a BAD_INDEX', async () => {
  await expect(tried('crashes')).rejects.toThrow(bad(/ended by SIGSEGV/));
  await expect(tried('hangs', 1000)).rejects.toThrow(bad(/not done in 1 s/));
  await expect(tried('throws')).rejects.toThrow(bad(/Index type 0x1234 not recognized/));
});

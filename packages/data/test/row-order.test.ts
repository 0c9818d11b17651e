import { expect, test } from '@jest/globals';

import { readInteractions } from '../src/index.js';
import { temporaryFolder } from './files.js';

const folder = temporaryFolder();

test('rows keep the order of a file that threads share, with columns of numbers that may be missing', async () => {
  const rows = 90_000;
  const filler = 'x'.repeat(100);
  const lines = Array.from(
    { length: rows },
    (_, row) => `u${row},i${row % 7},${row % 3 ? row / 8 : 'nan'},${filler}`,
  );
  const path = await folder.write('log.csv', ['who,what,degrees,note', ...lines, ''].join('\n'));
  for (let time = 0; time < 4; time++) {
    const log = await readInteractions({
      path,
      columns: { user: 'who', item: 'what', numbers: { degrees: 'degrees' } },
      threads: 2,
    });
    const moved = log.users.names.findIndex((name, row) => name !== `u${row}`);
    expect([log.users.size, moved]).toEqual([rows, -1]);
    expect(Array.from(log.numbers!.degrees.slice(0, 3))).toEqual([NaN, 1 / 8, 2 / 8]);
  }
});

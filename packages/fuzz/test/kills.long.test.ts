import { expect, test } from '@jest/globals';

import type { KillReport } from '../src/kills/run-kills.js';
import { runProgram } from './run-program.js';

const ARGS = ['--kills', '2', '--seed', '1', '--signals', 'SIGKILL,SIGTERM'];

test('commands that write, killed at random moments: the old or the new, and nothing left', async () => {
  const { said, reports } = await runProgram<KillReport>('kills', ...ARGS);
  expect({ said, wrong: reports.flatMap(({ wrong }) => wrong) }).toEqual({ said, wrong: [] });
  // It did try: each command, and most of them were still running when the signal came.
  expect(new Set(reports.map(({ writer }) => writer)).size).toBe(8);
  const ended = reports.reduce((sum, { counts }) => sum + counts.ended, 0);
  const kills = reports.reduce((sum, { kills }) => sum + kills, 0);
  expect(kills).toBe(32);
  expect(ended).toBeLessThan(kills / 2);
});

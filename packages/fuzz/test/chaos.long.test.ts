import { expect, test } from '@jest/globals';

import type { ChaosReport } from '../src/chaos/run-chaos.js';
import { runProgram } from './run-program.js';

const ARGS = ['--minutes', '0.75', '--seed', '1', '--rate', '100'];
/** Lists of what was wrong; memory needs a longer run to be judged. */
const WRONG = ['lost', 'wrongVersion', 'wrongItems', 'broken', 'readyLies', 'trouble'] as const;

test('under load and faults: no acknowledged event lost, no wrong answer, readiness true', async () => {
  const { said, reports } = await runProgram<ChaosReport>('chaos', ...ARGS);
  expect(reports.length).toBeGreaterThan(0);
  for (const report of reports) {
    const counts = Object.fromEntries(WRONG.map((name) => [name, report[name].length]));
    expect({ said, ...counts }).toEqual({ said, ...Object.fromEntries(WRONG.map((name) => [name, 0])) });
    expect(report).toMatchObject({ stale: 0, endedInTime: true });
    // It did try.
    expect(report.acknowledged).toBeGreaterThan(100);
    expect(report.answers).toBeGreaterThan(100);
    expect(report.readySamples).toBeGreaterThan(10);
    const came = Object.values(report.troubles).filter((times) => Number(times) > 0);
    expect(came.length).toBeGreaterThan(1);
  }
});

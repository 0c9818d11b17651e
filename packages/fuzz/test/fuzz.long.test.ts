import { expect, test } from '@jest/globals';

import type { TargetReport } from '../src/run/campaign.js';
import { runProgram } from './run-program.js';

test('a minute of generated input brings documented answers only', async () => {
  const { said, reports } = await runProgram<TargetReport>(
    'fuzz',
    '--little',
    '--minutes',
    '1',
    '--seed',
    '1',
  );
  expect({ said, findings: reports.flatMap(({ findings }) => findings) }).toEqual({ said, findings: [] });
  // It did try: each target had cases.
  expect(reports.length).toBeGreaterThanOrEqual(8);
  expect(reports.filter(({ cases }) => cases < 3)).toEqual([]);
});

// Prints the ten slowest parts of a run of `.ci/run`: test files, from the reports that jest left, and the checks of a file
// with lines `SECONDS NAME`.
import { existsSync, readFileSync } from 'node:fs';

import { root } from './pnpm.mjs';
import { testFiles } from './test-results.mjs';

const [durations] = process.argv.slice(2);
const checks = existsSync(durations ?? '')
  ? readFileSync(durations, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => ({ seconds: Number(line.split(' ')[0]), name: line.slice(line.indexOf(' ') + 1) }))
  : [];
const slowest = [...checks, ...testFiles(root)].sort((a, b) => b.seconds - a.seconds).slice(0, 10);
process.stdout.write('The ten slowest parts, seconds (test files of several packages run side by side):\n');
for (const { seconds, name } of slowest) process.stdout.write(`${seconds.toFixed(0).padStart(6)}  ${name}\n`);

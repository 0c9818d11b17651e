#!/usr/bin/env node
// Runs jest with native ES modules in the package it is called from, and leaves test-results.json there.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

import { quiet } from './quiet.mjs';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    jest,
    '--json',
    '--outputFile=test-results.json',
    '--testLocationInResults=false',
    ...process.argv.slice(2),
  ],
  { env: quiet(), stdio: ['ignore', 'ignore', 'inherit'] },
);
process.exit(status ?? 1);

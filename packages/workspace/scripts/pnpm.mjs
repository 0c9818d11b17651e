import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { quiet } from './quiet.mjs';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

const { packageManager } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
);

/**
 * Runs the pnpm that package.json pins, in the repository's root. It comes through npx, which needs nothing
 * but npm and puts that pnpm on the PATH, where turbo looks for it (corepack's signature check fails on some
 * registries).
 *
 * @param {string[]} args pnpm's arguments
 * @param {import('node:child_process').SpawnSyncOptions} options where its output goes
 */
export const pnpm = (args, options) =>
  spawnSync('npx', ['--yes', packageManager, ...args], {
    cwd: root,
    shell: process.platform === 'win32', // npx is a batch file there
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: quiet(),
    ...options,
  });

import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { registryEnv } from './release.mjs';

/** How each manager is called in an empty folder. npm and yarn refuse what names a newer Node than the one they run on. */
export const MANAGERS = {
  npm: [
    'npm',
    'install',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
    '--engine-strict',
  ],
  pnpm: ['pnpm', 'add', '--prefer-offline', '--reporter=silent', '--config.strict-peer-dependencies=false'],
  yarn: [
    'npx',
    '--yes',
    'yarn@1.22.22',
    'add',
    '--silent',
    '--no-progress',
    '--prefer-offline',
    '--non-interactive',
  ],
};

/** npm and pnpm take the versions that we name beside others for these too; yarn has to be told, see the guide on serving. */
const RESOLUTIONS = {
  '@uwdata/flechette': '2.6.0',
  '@fastify/static': '10.1.3',
  'light-my-request': '6.6.0',
};

/**
 * Installs packages of a registry into an empty folder.
 *
 * @returns {{folder: string, seconds: number}}
 */
export function installed(folder, manager, packages, npmrc) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, version: '1.0.0', resolutions: RESOLUTIONS }),
  );
  const [command, ...args] = MANAGERS[manager];
  const started = Date.now();
  execFileSync(command, [...args, ...packages], {
    cwd: folder,
    env: registryEnv(npmrc),
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 600_000,
  });
  return { folder, seconds: (Date.now() - started) / 1000 };
}

/** Packages and bytes under a folder's node_modules; files that several names lead to count once. */
export function measure(folder) {
  let bytes = 0;
  let packages = 0;
  const seen = new Set();
  const walk = (at) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isSymbolicLink()) continue;
      if (entry.isDirectory()) walk(path);
      else {
        const { ino, size } = lstatSync(path);
        if (!seen.has(ino)) bytes += size;
        seen.add(ino);
        if (/node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(path)) packages++;
      }
    }
  };
  walk(join(folder, 'node_modules'));
  return { bytes, packages };
}

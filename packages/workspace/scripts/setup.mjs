// The root commands, on a machine with nothing but Node and npm: `setup`, `train`, `start`, `test` and
// `test:full`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

import { pnpm, root } from './pnpm.mjs';
import { clearResults, collectResults, printResults } from './test-results.mjs';

const [command = 'setup', ...args] = process.argv.slice(2);
const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a stage without a word, or stops with everything it said. */
function quietly(what, pnpmArgs) {
  const { status, stdout, stderr, error } = pnpm(pnpmArgs, { stdio: ['ignore', 'pipe', 'pipe'] });
  if (status === 0) return;
  say([stdout, stderr, error?.message].filter(Boolean).join('\n'));
  say(`${what} failed`);
  process.exit(1);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  say(`Towerkit needs Node 20.19 or newer; this is ${process.version}`);
  process.exit(1);
}
if (!['setup', 'train', 'start', 'test', 'test:full'].includes(command)) {
  say(`unknown command ${command}: use setup, train, start, test or test:full`);
  process.exit(1);
}

// Where everything that a test may want was provided, everything runs.
const quick = process.env.TOWERKIT_FULL ? 'full' : 'quick';
const tier = { test: quick, 'test:full': 'full' }[command];

say('Installing packages ...');
quietly('The installation', ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false']);

if (!tier) {
  say('Building ...');
  quietly('The build', ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only']);
}

const bin = join(root, 'apps/train/bin/towerkit.mjs');

/** The command in this process, so that Ctrl-C reaches it. */
async function towerkit(...argv) {
  process.argv = [process.argv[0], bin, ...argv];
  await import(pathToFileURL(bin).href);
}

if (command === 'train') await towerkit('train', ...args);

if (command === 'start') {
  const shown = args.includes('--artifact') || args.includes('--config') ? [] : shop();
  await towerkit('serve', ...shown, ...args);
}

/** The embedded default and two baselines to see beside it, trained where they are not there yet. */
function shop() {
  const models = {
    shop: ['train'],
    'shop-als': ['baseline', 'als'],
    'shop-popularity': ['baseline', 'popularity'],
  };
  const folders = Object.entries(models).map(([name, argv]) => {
    const folder = join(root, 'artifacts', name);
    if (existsSync(join(folder, 'manifest.json'))) return folder;
    say(`Training ${name} ...`);
    const { status } = spawnSync(process.execPath, [bin, ...argv, '--out', folder], {
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) process.exit(status ?? 1);
    return folder;
  });
  return ['--artifact', folders.join(','), '--events', join(root, 'artifacts', 'events.db')];
}

if (tier) {
  say(`Building and testing (${tier} tier); a package that fails prints its log ...`);
  process.env.TOWERKIT_TIER = tier;
  clearResults(root);
  const { status } = pnpm(
    ['exec', 'turbo', 'run', 'test', '--continue', '--output-logs=errors-only', ...args],
    {
      stdio: ['ignore', 2, 'inherit'],
    },
  );
  const all = args.length === 0;
  process.exitCode = printResults(collectResults(root), { ranWell: status === 0, all, tier });
}

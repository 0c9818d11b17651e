// The root commands, on a machine with nothing but Node and npm: `setup`, `train` and `test`.
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
if (!['setup', 'train', 'test'].includes(command)) {
  say(`unknown command ${command}: use setup, train or test`);
  process.exit(1);
}

say('Installing packages ...');
quietly('The installation', ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false']);

if (command !== 'test') {
  say('Building ...');
  quietly('The build', ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only']);
}

if (command === 'train') {
  // In this process, so that Ctrl-C reaches the command itself.
  const bin = join(root, 'apps/train/bin/towerkit.mjs');
  process.argv = [process.argv[0], bin, 'train', ...args];
  await import(pathToFileURL(bin).href);
}

if (command === 'test') {
  say('Building and testing; a package that fails prints its log ...');
  clearResults(root);
  const { status } = pnpm(
    ['exec', 'turbo', 'run', 'test', '--continue', '--output-logs=errors-only', ...args],
    {
      stdio: ['ignore', 2, 'inherit'],
    },
  );
  const all = args.length === 0;
  process.exitCode = printResults(collectResults(root), { ranWell: status === 0, all });
}

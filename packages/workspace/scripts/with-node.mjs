// Runs a command under another version of Node, which comes from npm like everything else:
//   node packages/workspace/scripts/with-node.mjs 22 -- npm test
// turbo's cache does not know which Node ran, so it is not read.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { quiet } from './quiet.mjs';

const [version, dashes, command, ...args] = process.argv.slice(2);
if (dashes !== '--' || command === undefined) {
  process.stderr.write('usage: with-node.mjs VERSION -- COMMAND [ARGUMENT ...]\n');
  process.exit(2);
}

const shell = process.platform === 'win32';
const os = shell ? 'win' : process.platform;
const name = `node-${os}-${process.arch}`;
const folder = join(tmpdir(), 'towerkit-node', version);
mkdirSync(folder, { recursive: true });
const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', `${name}@${version}`];
const installed = spawnSync('npm', install, { shell, env: quiet(), stdio: ['ignore', 2, 'inherit'] });
if (installed.status !== 0) process.exit(1);

const bin = join(folder, 'node_modules', name, 'bin');
const env = { ...quiet(), TURBO_FORCE: 'true', PATH: `${bin}${delimiter}${process.env.PATH}` };
const { status } = spawnSync(command, args, { shell, stdio: 'inherit', env });
process.exit(status ?? 1);

// turbo in the repository's root, with nothing sent: `pnpm turbo run build` and the root scripts come here.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

import { root } from './pnpm.mjs';
import { quiet } from './quiet.mjs';

const bin = createRequire(new URL('../../../package.json', import.meta.url)).resolve('turbo/bin/turbo');
const { status } = spawnSync(process.execPath, [bin, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: quiet(),
});
process.exit(status ?? 1);

// turbo, with nothing sent: `pnpm turbo run build` and the root scripts come here.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

import { quiet } from './quiet.mjs';

const bin = createRequire(new URL('../../../package.json', import.meta.url)).resolve('turbo/bin/turbo');
const { status } = spawnSync(process.execPath, [bin, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: quiet(),
});
process.exit(status ?? 1);

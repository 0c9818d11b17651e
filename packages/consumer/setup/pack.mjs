import { execFile } from 'node:child_process';
import { mkdtemp, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { publicPackages } from './public-packages.mjs';

/**
 * Packs every public package once, with its types, as publishing would (`workspace:^` becomes a version), for all tests. Those of the
 * quick tier install nothing.
 */
export default async function pack() {
  if (process.env.TOWERKIT_TIER === 'quick') return;
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'towerkit-consumer-'));
  const cwd = fileURLToPath(new URL('../../..', import.meta.url));
  await promisify(execFile)(process.execPath, ['packages/workspace/scripts/turbo.mjs', 'run', 'types'], {
    cwd,
    maxBuffer: 1 << 26,
  });
  const filters = publicPackages().flatMap(({ manifest }) => ['--filter', manifest.name]);
  await promisify(execFile)('pnpm', ['--recursive', ...filters, 'pack', '--pack-destination', folder], {
    cwd,
    shell: process.platform === 'win32',
    maxBuffer: 1 << 26,
  });
  const tarballs = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  if (tarballs.length !== publicPackages().length) throw new Error(`packed ${tarballs.join(', ')} only`);
  process.env.TOWERKIT_TARBALLS = folder;
}

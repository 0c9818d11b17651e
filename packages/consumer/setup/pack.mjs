import { execFile } from 'node:child_process';
import { mkdtemp, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { publicPackages } from './public-packages.mjs';

/** Packs every public package once, as publishing would (`workspace:^` becomes a version), for all tests. */
export default async function pack() {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'towerkit-consumer-'));
  const shell = process.platform === 'win32';
  for (const { folder: cwd } of publicPackages())
    await promisify(execFile)('pnpm', ['pack', '--pack-destination', folder], { cwd, shell });
  const tarballs = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  if (tarballs.length !== publicPackages().length) throw new Error(`packed ${tarballs.join(', ')} only`);
  process.env.TOWERKIT_TARBALLS = folder;
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { publicPackages } from '../setup/public-packages.mjs';

/** Where the tarballs lie and projects are made. */
export const folder = process.env.TOWERKIT_TARBALLS!;

/** The tarball of a package, an absolute path. */
export function tarballOf(name: string): string {
  const stem = name.replace('@', '').replace('/', '-');
  const file = readdirSync(folder).find((entry) => new RegExp(`^${stem}-\\d.*\\.tgz$`).test(entry));
  if (!file) throw new Error(`${name} was not packed`);
  return join(folder, file);
}

/** Names of the packages that are published. */
export const names = publicPackages().map(({ manifest }) => manifest.name);

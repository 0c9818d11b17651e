import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Folder of this package. */
export const DOCS = resolve(import.meta.dirname, '..');
/** Folder of the repository. */
export const ROOT = resolve(DOCS, '../..');
/** What is made here, none of it kept in git: assembled pages, the site, blocks that are checked. */
export const MADE = join(DOCS, 'artifacts');
/** Where files of the repository are read on the web. */
export const WEB = 'https://github.com/towerkit/towerkit';

/** A package that is published. */
export interface PublicPackage {
  readonly name: string;
  /** Relative to the repository, with slashes. */
  readonly folder: string;
  readonly description: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** All packages that are published, in the order of their folders. */
export function publicPackages(): PublicPackage[] {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`),
  );
  return [...folders, 'datasets'].flatMap((folder) => {
    const file = join(ROOT, folder, 'package.json');
    if (!existsSync(file)) return [];
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as PublicPackage & { private?: boolean };
    if (manifest.private) return [];
    const { name, description, exports } = manifest;
    return [{ name, folder, description, exports }];
  });
}

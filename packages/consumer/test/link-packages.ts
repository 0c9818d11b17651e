import { linkSync, mkdirSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A package in npm's hidden lock file. */
interface Locked {
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>;
}

/** What npm installs with a package, by name. */
const needs = (one: Locked): string[] => [
  ...Object.keys(one.dependencies ?? {}),
  ...Object.keys(one.optionalDependencies ?? {}),
  ...Object.keys(one.peerDependencies ?? {}).filter((peer) => !one.peerDependenciesMeta?.[peer]?.optional),
];

/** Where Node finds a package that one at `from` asks for: the nearest `node_modules` upwards. */
function found(locked: Record<string, Locked>, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const place = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (place in locked) return place;
    if (at === '') return undefined; // for another platform
  }
}

/**
 * Gives a project some packages of another and all that these need, as hard links: the files are shared, and a package that
 * is not declared is not there.
 *
 * @param without names of packages that are left out, with what only they need
 */
export async function linkPackages(
  from: string,
  to: string,
  packages: readonly string[],
  without: readonly string[] = [],
): Promise<void> {
  const text = await readFile(join(from, 'node_modules/.package-lock.json'), 'utf8');
  const locked = (JSON.parse(text) as { packages: Record<string, Locked> }).packages;
  const wanted = new Set<string>();
  const want = (place: string | undefined) => {
    if (place === undefined || wanted.has(place)) return;
    wanted.add(place);
    for (const name of needs(locked[place])) if (!without.includes(name)) want(found(locked, place, name));
  };
  for (const name of packages) want(found(locked, '', name));
  for (const place of wanted) linkFolder(join(from, place), join(to, place));
}

/** Links the files of a package; packages inside it are packages of their own. */
function linkFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    if (entry.isDirectory()) linkFolder(join(from, entry.name), join(to, entry.name));
    else linkSync(join(from, entry.name), join(to, entry.name));
  }
}

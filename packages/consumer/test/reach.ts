import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

import { packageOf } from './imports.js';

/** What can be reached from an entry of a package of this workspace. */
export interface Reached {
  /** Files of the workspace, each with the one that led to it first; undefined for the entry. */
  readonly files: ReadonlyMap<string, string | undefined>;
  /** Packages, those of the registry included, each with the file that names it first. */
  readonly packages: ReadonlyMap<string, string>;
}

type Condition = 'import' | 'require';

/** A module that is loaded beside, such as the file of a thread: by its relative address, or by its name in `builtProgram`. */
const BESIDE =
  /new URL\(\s*['"](\.[^'"]+\.c?js)['"]|builtProgram(?:\.call)?\([^'"]*,\s*['"]([^'"]+\.c?js)['"]/g;

/**
 * Follows the built files from the main entry of a package through the packages of the workspace: static and dynamic imports,
 * `require`, and the files of threads. Packages of the registry are named, and not followed.
 *
 * @param folder of the package
 */
export function reach(folder: string, condition: Condition): Reached {
  const files = new Map<string, string | undefined>();
  const packages = new Map<string, string>();
  const visit = (file: string, by: string | undefined) => {
    if (!files.has(file)) files.set(file, by);
  };
  visit(fileOf(folder, '.', condition)!, undefined);
  for (const [file] of files)
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) {
        const target = resolve(file, '..', name);
        if (existsSync(target)) visit(target, file); // a thread's file is looked for in two places
      } else if (!isBuiltin(name)) {
        if (!packages.has(packageOf(name))) packages.set(packageOf(name), file);
        const entry = entryOf(file, name, condition);
        if (entry !== undefined) visit(entry, file);
      }
    }
  return { files, packages };
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return [
    ...importedFiles.map(({ fileName }) => fileName),
    ...[...text.matchAll(BESIDE)].map(([, address, name]) => address ?? `./${name}`),
  ];
}

/** The built file that a specifier stands for, where it is of a package of this workspace. */
function entryOf(from: string, specifier: string, condition: Condition): string | undefined {
  const name = packageOf(specifier);
  if (!/^(@towerkit\/|towerkit$)/.test(name)) return undefined;
  for (let at = from; dirname(at) !== at; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(folder))
      return fileOf(realpathSync(folder), `.${specifier.slice(name.length)}`, condition);
  }
  throw new Error(`${from} imports ${name}, which is not installed there`);
}

/** The built file of an entry of a package; undefined for one that is no module, such as `package.json`. */
function fileOf(folder: string, entry: string, condition: Condition): string | undefined {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: Record<string, string | Record<Condition, { default: string }>>;
  };
  const found = exports[entry];
  if (found === undefined) throw new Error(`${folder} exports no ${entry}`);
  return typeof found === 'string' ? undefined : join(folder, found[condition].default);
}

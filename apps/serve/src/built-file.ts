import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A built program of this package: beside this file once built, in `dist` when the sources themselves are run. */
export function builtFile(name: string): URL {
  const beside = new URL(`./${name}`, import.meta.url);
  return existsSync(fileURLToPath(beside)) ? beside : new URL(`../dist/${name}`, import.meta.url);
}

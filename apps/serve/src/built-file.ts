import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A built program of this package: beside this file once built, in `dist` when the sources themselves are run.
 *
 * @param name such as `./model-worker.js`
 */
export function builtFile(name: string): URL {
  const beside = new URL(name, import.meta.url);
  return existsSync(fileURLToPath(beside)) ? beside : new URL(name, new URL('../dist/', import.meta.url));
}

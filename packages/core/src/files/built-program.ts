import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Where a built program of a package lies, such as the file of a thread: beside the module that asks once that is built, in the
 * package's `dist` where its sources are run.
 *
 * @param module `import.meta.url` of the module that asks
 * @param name of the built file
 * @example
 * ```ts
 * const program = builtProgram(import.meta.url, 'worker.js');
 * new Worker(program);
 * ```
 */
export function builtProgram(module: string, name: string): URL {
  const beside = new URL(name, module);
  const sources = module.lastIndexOf('/src/');
  if (sources < 0 || existsSync(fileURLToPath(beside))) return beside;
  return new URL(`dist/${name}`, module.slice(0, sources + 1));
}

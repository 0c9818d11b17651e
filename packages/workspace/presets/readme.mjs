import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { transform } from 'esbuild';

/**
 * Runs the first TypeScript example of a package's README as a newcomer would: as a module inside the package,
 * where the package's own name resolves to what it publishes.
 *
 * @param {string} folder the package's folder
 * @param {{fence?: number, env?: Record<string, string>, readme?: string, cwd?: string}} options which example, 0 by
 *   default; another README than the folder's own; the working directory, the folder by default
 * @returns {Promise<string>} what the example printed
 */
export async function runReadme(folder, { fence = 0, env = {}, readme, cwd = folder } = {}) {
  const text = await readFile(readme ?? join(folder, 'README.md'), 'utf8');
  const examples = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]);
  if (examples[fence] === undefined) throw new Error(`README.md has no TypeScript example ${fence}`);
  const { code } = await transform(examples[fence], { loader: 'ts', format: 'esm', target: 'node20' });
  const file = join(folder, `.readme-${randomUUID()}.mjs`);
  await writeFile(file, code);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file], {
      cwd,
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      timeout: 120_000,
      maxBuffer: 1 << 26,
    });
    return stdout;
  } finally {
    await rm(file, { force: true });
  }
}

import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from './command.js';
import { folder, names, tarballOf } from './tarballs.js';

/**
 * An empty npm project with the sources of `project/`, into which plain npm installs packages of this workspace
 * from their tarballs. Other packages of the workspace that these depend on come from tarballs as well.
 *
 * @param options packages of the registry beside them, by version, and further flags of npm
 * @returns the project's folder
 */
export async function installed(
  packages: readonly string[],
  { registry = {}, flags = [] }: { registry?: Record<string, string>; flags?: string[] } = {},
): Promise<string> {
  await mkdir(join(folder, 'projects'), { recursive: true });
  const project = await mkdtemp(join(folder, 'projects', 'p-'));
  await cp(join(import.meta.dirname, '../project'), project, { recursive: true });
  const file = (name: string) => `file:${tarballOf(name)}`;
  const others = names.filter((name) => !packages.includes(name));
  const manifest = {
    name: 'consumer',
    private: true,
    dependencies: { ...registry, ...Object.fromEntries(packages.map((name) => [name, file(name)])) },
    overrides: Object.fromEntries(others.map((name) => [name, file(name)])),
  };
  await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...flags], project, {
    // On Linux x64 onnxruntime-node's install script fetches CUDA libraries from NuGet, whether or not there is a
    // GPU; nothing here needs them, and npm's registry should be enough.
    ONNXRUNTIME_NODE_INSTALL: 'skip',
  });
  return project;
}

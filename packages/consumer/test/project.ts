import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { run } from './command.js';
import { linkPackages } from './link-packages.js';
import { folder, names, tarballOf } from './tarballs.js';

/** What the packages work with where it is installed, and the use of all of them needs. */
const REGISTRY = { '@tensorflow/tfjs-core': '4.22.0', '@tensorflow/tfjs-backend-cpu': '4.22.0' };

/** An empty folder with the sources of `project/`. */
async function emptyProject(): Promise<string> {
  await mkdir(join(folder, 'projects'), { recursive: true });
  const project = await mkdtemp(join(folder, 'projects', 'p-'));
  await cp(join(import.meta.dirname, '../project'), project, { recursive: true });
  return project;
}

/**
 * A project into which plain npm installs packages of this workspace from their tarballs. Other packages of the workspace
 * that these depend on come from tarballs as well.
 *
 * @param options packages of the registry beside them, by version, and further flags of npm
 * @returns the project's folder
 */
export async function installed(
  packages: readonly string[],
  { registry = {}, flags = [] }: { registry?: Record<string, string>; flags?: string[] } = {},
): Promise<string> {
  const project = await emptyProject();
  const file = (name: string) => `file:${tarballOf(name)}`;
  const others = names.filter((name) => !packages.includes(name));
  const manifest = {
    name: 'consumer',
    private: true,
    dependencies: { ...registry, ...Object.fromEntries(packages.map((name) => [name, file(name)])) },
    overrides: Object.fromEntries(others.map((name) => [name, file(name)])),
  };
  await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
  await run(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--engine-strict', ...flags],
    project,
    {
      // On Linux x64 onnxruntime-node's install script fetches CUDA libraries from NuGet, whether or not there is a
      // GPU; nothing here needs them, and npm's registry should be enough.
      ONNXRUNTIME_NODE_INSTALL: 'skip',
    },
  );
  return project;
}

/** One project with every package, installed once by the first test file that wants it and used by all. */
export async function everything(): Promise<string> {
  const shared = join(folder, 'everything');
  const first = await mkdir(join(folder, 'installing')).then(
    () => true,
    () => false,
  );
  if (first) await rename(await installed(names, { registry: REGISTRY }), shared);
  for (let waited = 0; !existsSync(shared) && waited < 240; waited++) await sleep(1000);
  return shared;
}

/**
 * A project with the files that npm would install for some packages alone, linked from {@link everything}: an installation
 * takes many times as long.
 *
 * @param without packages that are left out, with what only they need
 */
export async function alone(packages: readonly string[], without: readonly string[] = []): Promise<string> {
  const project = await emptyProject();
  await linkPackages(await everything(), project, packages, without);
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  return project;
}

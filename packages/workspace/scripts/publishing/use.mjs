import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The same program for ES modules and CommonJS: TypeScript makes the one of the other. */
const TYPED = `
import { fit, type Als } from '@towerkit/als';
import { evaluateFullRanking, type Scorer } from '@towerkit/metrics';
import { createIndex, type VectorIndex } from '@towerkit/retrieval';
import { openHandler, serve, type ServeOptions } from '@towerkit/serve';
import { defineConfig, openArtifact, type Config } from 'towerkit';

export const index = (): Promise<VectorIndex> => createIndex('exact', { dimensions: 8 });
export const server = (options: ServeOptions) => serve({ ...options, port: 0 });
export const titles = async (folder: string): Promise<readonly string[]> => {
  const artifact = await openArtifact(folder);
  const { items } = await artifact.recommend([], 3);
  return items.map(({ id }) => id);
};
export const config = (model: Config['model']): Config => defineConfig({ name: 'typed', model });
export const kept: [typeof fit, Als?, Scorer?] = [fit];
export { evaluateFullRanking, openHandler };
// @ts-expect-error there is no such index
export const wrong = () => createIndex('exakt', { dimensions: 8 });
`;

const RESOLUTIONS = [
  ['node16', 'node16', ['typed.mts', 'typed.cts']],
  ['nodenext', 'nodenext', ['typed.mts', 'typed.cts']],
  ['esnext', 'bundler', ['typed.mts']],
];

/**
 * Uses the packages that a folder has installed, from ES modules and CommonJS, and compiles a program against their types under
 * each way of resolving modules.
 *
 * @throws Error with what was printed where one fails
 */
export function use(root, folder, names) {
  const run = (args) =>
    execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 120_000 });
  const project = join(root, 'packages/consumer/project');
  for (const file of ['use.mjs', 'use.cjs', 'uses.cjs']) cpSync(join(project, file), join(folder, file));
  const expected = names.map((name) => `${name} works\n`).join('');
  for (const file of ['use.mjs', 'use.cjs']) {
    const said = run([file, ...names]);
    if (said !== expected) throw new Error(`${file} in ${folder} said:\n${said}`);
  }
  for (const file of ['typed.mts', 'typed.cts']) writeFileSync(join(folder, file), TYPED);
  const tsc = createRequire(join(root, 'package.json')).resolve('typescript/bin/tsc');
  for (const [module, resolution, files] of RESOLUTIONS) {
    const options = [
      '--module',
      module,
      '--moduleResolution',
      resolution,
      '--target',
      'es2022',
      '--types',
      'node',
    ];
    const roots = ['--typeRoots', join(root, 'packages/consumer/node_modules/@types')];
    try {
      run([tsc, '--noEmit', '--strict', '--skipLibCheck', ...options, ...roots, ...files]);
    } catch (error) {
      throw new Error(`types under ${resolution}:\n${error.stdout}`, { cause: error });
    }
  }
}

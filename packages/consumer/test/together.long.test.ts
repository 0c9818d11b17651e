import { beforeAll, describe, expect, test } from '@jest/globals';
import { access, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { run } from './command.js';
import { everything } from './project.js';
import { names } from './tarballs.js';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

describe('all packages, installed with plain npm into an empty folder', () => {
  let project: string;
  beforeAll(async () => {
    project = await everything();
    await writeFile(join(project, 'purchases.csv'), purchases());
    await writeFile(join(project, 'products.csv'), products());
  });

  /** The folders under node_modules where a package is installed. */
  const copies = async (name: string) => {
    const lock = JSON.parse(await readFile(join(project, 'node_modules/.package-lock.json'), 'utf8'));
    return Object.keys(lock.packages).filter((path) => path.endsWith(`node_modules/${name}`));
  };

  test.each(['onnxruntime-node', '@tensorflow/tfjs-core', ...names])(
    'there is one copy of %s',
    async (name) => {
      expect(await copies(name)).toEqual([`node_modules/${name}`]);
    },
  );

  test('they work as ES modules', async () => {
    expect(await run('node', ['use.mjs', ...names], project)).toBe(names.map((n) => `${n} works\n`).join(''));
  });

  test('they work from CommonJS', async () => {
    expect(await run('node', ['use.cjs', ...names], project)).toBe(names.map((n) => `${n} works\n`).join(''));
  });

  test.each([
    ['node16', ['types.mts', 'types.cts']],
    ['bundler', ['types.mts']],
  ])('their types serve a program under moduleResolution %s', async (moduleResolution, files) => {
    const module = moduleResolution === 'bundler' ? 'esnext' : moduleResolution;
    const options = ['--module', module, '--moduleResolution', moduleResolution, '--target', 'es2022'];
    await run('node', [tsc, '--noEmit', '--strict', '--skipLibCheck', ...options, ...files], project);
  });

  test('the tower in the README compiles', async () => {
    const readme = await readFile(join(import.meta.dirname, '../../../README.md'), 'utf8');
    await writeFile(join(project, 'readme.mts'), /```ts\n([\s\S]*?)```/.exec(readme)![1]);
    const options = ['--module', 'node16', '--target', 'es2022', '--noEmit', '--strict', '--skipLibCheck'];
    // Programs of Node have its types, which no package of ours brings.
    const types = ['--typeRoots', join(import.meta.dirname, '../node_modules/@types'), '--types', 'node'];
    await run('node', [tsc, ...options, ...types, 'readme.mts'], project);
  });

  test('a deep import is refused', async () => {
    const script = "import('@towerkit/core/dist/index.js').catch((error) => console.log(error.code))";
    expect(await run('node', ['-e', script], project)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });

  describe('npx towerkit, with a config and a tower of the user', () => {
    const towerkit = async (...args: string[]) => {
      const stdout = await run('npx', ['--no-install', 'towerkit', ...args, '--json'], project);
      return JSON.parse(stdout.trim().split('\n').at(-1)!);
    };

    test('train, then evaluate and recommend', async () => {
      const config = ['--config', 'towerkit.config.ts', '--data', '.'];
      const trained = await towerkit('train', ...config, '--threads', '1', '--seed', '3');
      expect(trained.dataset).toEqual({ users: 120, items: 12, interactions: 960 });
      expect(trained.epochs[0].examples_per_second).toBeGreaterThan(0);
      // Everybody goes round the same ring of twelve: the last item alone tells the next.
      expect(trained.metrics['ndcg@10'].value).toBeGreaterThan(
        2 * trained.baselines.popularity['ndcg@10'].value,
      );
      const artifact = join(project, 'artifacts/my-shop');
      for (const file of ['manifest.json', 'weights.safetensors', 'user_tower.onnx', 'items.parquet'])
        await access(join(artifact, file));

      const evaluated = await towerkit('evaluate', '--artifact', 'artifacts/my-shop', '--data', '.');
      expect(evaluated.metrics['ndcg@10'].value).toBeCloseTo(trained.metrics['ndcg@10'].value, 6);

      const question = ['--history', 'p3,p4,p5', '-k', '3'];
      const { items } = await towerkit('recommend', '--artifact', 'artifacts/my-shop', ...question);
      expect(items).toHaveLength(3);
      expect(items[0]).toMatchObject({ id: 'p6', title: 'Product 6' });
    });
  });
});

/** Customers who go round a ring of twelve products, each from a place of their own. */
function purchases(): string {
  const rows = Array.from({ length: 120 * 8 }, (_, k) => {
    const [customer, at] = [Math.floor(k / 8), k % 8];
    return `c${customer},p${(customer + at) % 12},${at}`;
  });
  return `customer,product,at\n${rows.join('\n')}\n`;
}

function products(): string {
  return `product,name\n${Array.from({ length: 12 }, (_, i) => `p${i},Product ${i}\n`).join('')}`;
}

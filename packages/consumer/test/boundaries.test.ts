import { describe, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, relative, resolve } from 'node:path';

import { publicPackages } from '../setup/public-packages.mjs';
import { circles } from './circles.js';

/** What each package may import of the others: the table of ARCHITECTURE.md. The command may import them all. */
const ALLOWED: Record<string, readonly string[]> = {
  '@towerkit/core': [],
  '@towerkit/metrics': [],
  '@towerkit/data': ['core'],
  '@towerkit/datasets': ['core'],
  '@towerkit/sampling': ['core'],
  '@towerkit/kernels': ['core'],
  '@towerkit/als': ['core', 'kernels'],
  '@towerkit/baselines': ['core', 'kernels'],
  '@towerkit/text': ['core', 'kernels'],
  '@towerkit/retrieval': ['core', 'kernels'],
  '@towerkit/engine': ['core'],
  '@towerkit/serve': ['core', 'als', 'data', 'retrieval', 'training'],
  '@towerkit/towers': ['core', 'engine'],
  '@towerkit/training': ['core', 'engine', 'kernels', 'towers', 'sampling', 'metrics'],
  towerkit: [
    'core',
    'metrics',
    'data',
    'datasets',
    'sampling',
    'kernels',
    'als',
    'baselines',
    'text',
    'retrieval',
    'engine',
    'towers',
    'training',
  ],
};

const IMPORT =
  /(?:^|[\s;])(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^import\s*['"]([^'"]+)['"]/gm;

/** A package's sources by file name, without comments: those hold examples, which may import what they like. */
async function sources(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(join(folder, 'src'), { recursive: true })).filter((name) =>
    name.endsWith('.ts'),
  );
  const entries = names.map(async (name) => {
    const file = join(folder, 'src', name);
    return [file, (await readFile(file, 'utf8')).replace(/\/\*[\s\S]*?\*\//g, '')] as const;
  });
  return new Map(await Promise.all(entries));
}

/** Every module that a package's sources import, with the file that does. */
async function imports(folder: string): Promise<{ file: string; specifier: string }[]> {
  return [...(await sources(folder))].flatMap(([file, code]) =>
    [...code.matchAll(IMPORT)].map(([, a, b, c]) => ({ file, specifier: a ?? b ?? c })),
  );
}

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier[0] === '@' ? 2 : 1)
    .join('/');

describe.each(publicPackages().map((entry) => ({ name: entry.manifest.name, ...entry })))(
  '$name',
  ({ name, folder, manifest }) => {
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });

    test('depends on the packages above it only', () => {
      const siblings = declared.filter((dependency) => dependency.startsWith('@towerkit/'));
      const allowed = ALLOWED[name].map((short) => `@towerkit/${short}`);
      expect(siblings.filter((sibling) => !allowed.includes(sibling))).toEqual([]);
    });

    test('imports what it declares, and nothing from outside its folder', async () => {
      const found = await imports(folder);
      expect(found.length).toBeGreaterThan(0);
      const strays = found.filter(({ file, specifier }) =>
        specifier.startsWith('.')
          ? relative(folder, resolve(file, '..', specifier)).startsWith('..')
          : !isBuiltin(specifier) && !declared.includes(packageOf(specifier)),
      );
      expect(strays.map(({ file, specifier }) => `${relative(folder, file)}: ${specifier}`)).toEqual([]);
    });

    test('no circle of imports, types included', async () => {
      const files = await sources(folder);
      const edges = new Map([...files.keys()].map((file) => [file, [] as string[]]));
      for (const { file, specifier } of await imports(folder))
        if (specifier.startsWith('.'))
          edges.get(file)!.push(resolve(file, '..', specifier).replace(/\.js$/, '.ts'));
      expect([...edges.values()].flat().filter((file) => !edges.has(file))).toEqual([]); // every edge leads somewhere
      const named = (circle: string[]) => circle.map((file) => relative(folder, file)).join(' -> ');
      expect(circles(edges).map(named)).toEqual([]);
    });

    // A peer that the packages below want, and a version that another dependency should take.
    const INDIRECT = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', '@uwdata/flechette'];

    test('declares what it names only', async () => {
      const code = [...(await sources(folder)).values()].join('\n');
      const named = (dependency: string) => new RegExp(`['"]${dependency}['"/]`).test(code);
      expect(declared.filter((name) => !named(name) && !INDIRECT.includes(name))).toEqual([]);
    });
  },
);

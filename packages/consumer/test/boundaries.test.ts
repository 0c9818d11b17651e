import { describe, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, join, relative, resolve } from 'node:path';

import { publicPackages } from '../setup/public-packages.mjs';
import { circles } from './circles.js';
import { graphOf, imports, packageOf, sources, type Import } from './imports.js';
import { reach } from './reach.js';

const ROOT = resolve(import.meta.dirname, '../../..');

const LIBRARY = ['als', 'baselines', 'core', 'data', 'kernels', 'retrieval', 'text'];
const ANSWERS = [...LIBRARY, 'engine', 'artifact', 'features'];
const TRAINING = ['sampling', 'towers', 'training'];
const PIPELINE = [...ANSWERS, ...TRAINING, 'recommend', 'hybrid', 'search', 'metrics', 'datasets', 'geo'];

/** What each package may import of the others: the table of ARCHITECTURE.md. */
const ALLOWED: Record<string, readonly string[]> = {
  '@towerkit/core': [],
  '@towerkit/metrics': [],
  '@towerkit/data': ['core'],
  '@towerkit/inspect': ['core', 'data'],
  '@towerkit/datasets': ['core'],
  '@towerkit/sampling': ['core'],
  '@towerkit/kernels': ['core'],
  '@towerkit/als': ['core', 'kernels'],
  '@towerkit/baselines': ['core', 'kernels'],
  '@towerkit/text': ['core', 'kernels'],
  '@towerkit/images': ['core', 'kernels'],
  '@towerkit/geo': ['core'],
  '@towerkit/retrieval': ['core', 'kernels'],
  '@towerkit/events': ['core'],
  '@towerkit/engine': ['core'],
  '@towerkit/towers': ['core', 'engine'],
  '@towerkit/training': ['core', 'engine', 'kernels', 'towers', 'sampling', 'metrics'],
  '@towerkit/artifact': ['core', 'data'],
  '@towerkit/features': ['core', 'data', 'text'],
  '@towerkit/recommend': ANSWERS,
  '@towerkit/hybrid': [...ANSWERS, 'recommend', 'metrics', ...TRAINING],
  '@towerkit/browser': ['core', 'artifact'],
  '@towerkit/mcp': ['core', 'retrieval', 'recommend', 'hybrid', 'search'],
  '@towerkit/search': [
    ...['core', 'data', 'kernels', 'retrieval', 'engine', 'artifact'],
    ...['text', 'features', 'recommend', 'metrics'],
  ],
  '@towerkit/pipeline': PIPELINE,
  '@towerkit/study': [...PIPELINE, 'pipeline'],
  '@towerkit/serve': ['core', 'retrieval', 'artifact', 'recommend', 'hybrid', 'search', 'events'],
  towerkit: [...PIPELINE, 'pipeline', 'study', 'images', 'inspect'],
};

/** Imports that a part of a package may not have although the package may, and why. */
const APART: Record<string, (file: string, specifier: string) => boolean> = {
  // Models are loaded without tfjs.
  '@towerkit/recommend': (_, specifier) => specifier === '@towerkit/engine',
  // Training is optional: only its own entry needs it.
  '@towerkit/hybrid': (file, specifier) =>
    !/^src[/\\]fit([/\\]|\.ts$)/.test(file) &&
    ['@towerkit/engine', ...TRAINING.map((name) => `@towerkit/${name}`)].includes(specifier),
  '@towerkit/search': (file, specifier) =>
    !/^src[/\\]fit([/\\]|\.ts$)/.test(file) &&
    (specifier === '@towerkit/engine' || specifier.startsWith('@tensorflow/')),
};

describe.each(publicPackages().map((entry) => ({ name: entry.manifest.name, ...entry })))(
  '$name',
  ({ name, folder, manifest }) => {
    const { dependencies, optionalDependencies, peerDependencies } = manifest;
    const declared = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    const src = join(folder, 'src');
    const shown = ({ file, specifier }: Import) => `${relative(folder, file)}: ${specifier}`;

    test('depends on the packages above it only', () => {
      const siblings = declared.filter((dependency) => /^(@towerkit\/|towerkit$)/.test(dependency));
      const allowed = ALLOWED[name].map((short) => `@towerkit/${short}`);
      expect(siblings.filter((sibling) => !allowed.includes(sibling))).toEqual([]);
    });

    test('imports what it declares, and nothing from outside its folder', async () => {
      const found = await imports(src);
      expect(found.length).toBeGreaterThan(0);
      const strays = found.filter(({ file, specifier }) =>
        specifier.startsWith('.')
          ? relative(folder, resolve(file, '..', specifier)).startsWith('..')
          : !isBuiltin(specifier) && !declared.includes(packageOf(specifier)),
      );
      expect(strays.map(shown)).toEqual([]);
    });

    test('imports by the entry, and in the part, that may', async () => {
      const apart = APART[name] ?? (() => false);
      const strays = (await imports(src)).filter(({ file, specifier }) =>
        apart(relative(folder, file), specifier),
      );
      expect(strays.map(shown)).toEqual([]);
    });

    test('no circle of imports, types included', async () => {
      const edges = await graphOf(src);
      expect([...edges.values()].flat().filter((file) => !edges.has(file))).toEqual([]); // every edge leads somewhere
      const named = (circle: string[]) => circle.map((file) => relative(folder, file)).join(' -> ');
      expect(circles(edges).map(named)).toEqual([]);
    });

    // A peer that the packages below want, and a version that another dependency should take.
    const INDIRECT = [
      ...['tfjs-core', 'tfjs-backend-cpu', 'tfjs-backend-wasm'].map((name) => `@tensorflow/${name}`),
      ...['@uwdata/flechette', 'light-my-request'],
    ];

    test('declares what it names only', async () => {
      const code = [...(await sources(src)).values()].join('\n');
      const named = (dependency: string) => new RegExp(`['"]${dependency}['"/]`).test(code);
      expect(declared.filter((name) => !named(name) && !INDIRECT.includes(name))).toEqual([]);
    });
  },
);

test('what the hybrid trains with are optional peers', () => {
  const { manifest } = publicPackages().find((entry) => entry.manifest.name === '@towerkit/hybrid')!;
  const peers = manifest.peerDependenciesMeta as Record<string, { optional: boolean }>;
  for (const name of [...TRAINING.map((short) => `@towerkit/${short}`), '@tensorflow/tfjs-core']) {
    expect(Object.keys(manifest.dependencies!)).not.toContain(name);
    expect(peers[name]).toEqual({ optional: true });
  }
});

test('nothing outside apps needs the command', async () => {
  const packages = (await readdir(join(ROOT, 'packages'))).map((name) => join('packages', name));
  // They try the command as its users have it.
  const judges = ['consumer', 'fuzz'].map((name) => join('packages', name));
  const folders = [...packages, 'datasets'].filter((folder) => !judges.includes(folder));
  const strays: string[] = [];
  for (const folder of folders) {
    const manifest = await readFile(join(ROOT, folder, 'package.json'), 'utf8');
    if (/"(towerkit|@towerkit\/serve)":/.test(manifest)) strays.push(join(folder, 'package.json'));
    for (const part of ['src', 'test'])
      for (const { file, specifier } of await imports(join(ROOT, folder, part)).catch(() => []))
        if (/^(towerkit|@towerkit\/serve)$/.test(packageOf(specifier))) strays.push(relative(ROOT, file));
  }
  expect(strays).toEqual([]);
});

/** What answering must never load. */
const TRAINERS =
  /^(@tensorflow\/.*|esbuild|commander|towerkit|@towerkit\/(datasets|towers|training|pipeline|sampling))$/;

describe.each(['import', 'require'] as const)('what answers, by %s', (condition) => {
  test.each([
    'packages/artifact',
    'packages/features',
    'packages/recommend',
    'packages/hybrid',
    'packages/mcp',
    'apps/serve',
  ])('%s never reaches what trains', (folder) => {
    const { files, packages } = reach(join(ROOT, folder), condition);
    const found = [...packages].filter(([name]) => TRAINERS.test(name));
    expect(found.map(([name, file]) => `${relative(ROOT, file)}: ${name}`)).toEqual([]);
    // It did walk: into another package, and into the file of a thread.
    expect(packages.has('@towerkit/core')).toBe(true);
    if (folder === 'apps/serve')
      expect([...files.keys()].map((file) => basename(file))).toContain('model-worker.js');
  });

  test('the walk finds them where they are', () => {
    const { packages } = reach(join(ROOT, 'packages/pipeline'), condition);
    for (const name of ['@tensorflow/tfjs-core', '@towerkit/datasets', '@towerkit/training'])
      expect(packages.has(name)).toBe(true);
  });
});

/** Lines an app may have, comments and blank ones counted: more is a package that wants out. */
const LINES = 3000;
/** The benchmarks are a program for each subject, which nobody calls: they grow with what is measured. */
const MOST: Record<string, number> = { 'apps/bench/src': 4000 };
/** How many there were when the limit was set. */
const THEN: Record<string, number> = {
  'apps/train/src': 1579,
  'apps/serve/src': 2480,
  'apps/bench/src': 2273,
};

test('no app has grown into a library', async () => {
  const tooLong: string[] = [];
  for (const app of await readdir(join(ROOT, 'apps'))) {
    const folder = `apps/${app}/src`;
    const names = (await readdir(join(ROOT, folder), { recursive: true })).filter((name) =>
      name.endsWith('.ts'),
    );
    const files = await Promise.all(names.map((name) => readFile(join(ROOT, folder, name), 'utf8')));
    const lines = files.reduce((sum, text) => sum + text.split('\n').length - 1, 0);
    expect(lines).toBeGreaterThan(0);
    if (lines > (MOST[folder] ?? LINES))
      tooLong.push(
        `${folder} has ${lines} lines, more than ${MOST[folder] ?? LINES}; it had ${THEN[folder]} when the limit was set`,
      );
  }
  expect(tooLong).toEqual([]);
});

import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isAllowed, thirdParty, thirdPartyText } from '../scripts/third-party.mjs';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const workflows = readdirSync(join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);
const manifests = ['package.json', 'datasets/package.json'].concat(
  ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}/package.json`),
  ),
);

describe.each(workflows)('%s', (path) => {
  const text = read(path);

  test('names each action by the SHA of a commit, with its version beside it', () => {
    const used = [...text.matchAll(/^\s*-?\s*uses:\s*(.*)$/gm)].map(([, action]) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('may write nothing, unless a job says what for', () => {
    expect(text).toMatch(/^permissions:( \{\}|\n {2}contents: read)\n\n/m);
    for (const [line] of text.matchAll(/^.*: write.*$/gm)) expect(line).toMatch(/^ {6}[\w-]+: write\b/);
    expect(text).not.toMatch(/write-all|pull_request_target/);
  });

  test('installs what the lockfile says', () => {
    for (const [line] of text.matchAll(/^.*\b(pnpm|npm) (install|i|add)\b.*$/gm))
      expect(line).toMatch(/pnpm install --frozen-lockfile$|npm install --global pnpm@\d+\.\d+\.\d+$/);
  });
});

test('the set-up installs what the lockfile says', () => {
  expect(read('packages/workspace/scripts/setup.mjs')).toContain("['install', '--frozen-lockfile'");
});

test('everything in the lockfile comes from the registry and has its checksum', () => {
  const resolutions = [...read('pnpm-lock.yaml').matchAll(/^ +resolution: (.*)$/gm)].map(([, what]) => what);
  expect(resolutions.length).toBeGreaterThan(500);
  expect(resolutions.filter((what) => !/^\{integrity: sha512-[\w+/=]+\}$/.test(what))).toEqual([]);
});

test('no dependency is named by an address', () => {
  const named = manifests
    .filter((path) => existsSync(join(ROOT, path)))
    .flatMap((path) => {
      const manifest = JSON.parse(read(path)) as Record<string, Record<string, string> | undefined>;
      return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
        Object.entries(manifest[kind] ?? {}).map(([name, range]) => ({ path, name, range })),
      );
    });
  expect(named.length).toBeGreaterThan(100);
  const plain = /^(workspace:([\^*]|>=[\d. <]+)|catalog:|[\^~]?\d+\.\d+\.\d+[-\w.]*|>=?\d[\w. <>=|-]*)$/;
  expect(named.filter(({ range }) => !plain.test(range))).toEqual([]);
});

describe('licenses', () => {
  test('ask for no more than their own text, and are listed', () => {
    const licenses = thirdParty();
    expect([...licenses.keys()].filter((license) => !isAllowed(license))).toEqual([]);
    expect(read('THIRD_PARTY.md')).toBe(thirdPartyText(licenses)); // else: pnpm run licenses
  });

  test.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['Apache-2.0 AND BSD-3-Clause', true],
    ['MIT AND LGPL-3.0-or-later', false],
    ['GPL-2.0', false],
    ['Unknown', false],
    ['SEE LICENSE IN LICENSE.txt', false],
  ])('%s: %s', (expression, allowed) => expect(isAllowed(expression)).toBe(allowed));
});

test('whatever brings ONNX Runtime is loaded on demand, once it has been told to report nothing', () => {
  const found: string[] = [];
  for (const parent of ['packages', 'apps'])
    for (const name of readdirSync(join(ROOT, parent))) {
      const src = `${parent}/${name}/src`;
      if (!existsSync(join(ROOT, src))) continue;
      for (const file of readdirSync(join(ROOT, src), { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.ts')) continue;
        const code = read(join(src, file));
        const named = code.match(
          /^.*(from|import\(|require\(|import) ?['"](onnxruntime-node|@huggingface\/transformers)['"].*$/gm,
        );
        const loading = (named ?? []).filter((line) => !/^(import|export) type |^ \*/.test(line));
        if (loading.length === 0) continue;
        found.push(`${name}/src/${file.replaceAll('\\', '/')}`);
        for (const line of loading) expect(line).toMatch(/await import\(/);
        expect(code.indexOf('await disableTelemetry()')).toBeGreaterThan(0);
        expect(code.indexOf('await disableTelemetry()')).toBeLessThan(code.indexOf(loading[0]));
      }
    }
  expect(found.sort()).toEqual([
    'engine/src/onnx/runtime.ts',
    'images/src/transformers.ts',
    'text/src/minilm/transformers.ts',
  ]);
});

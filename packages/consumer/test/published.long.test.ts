import { beforeAll, describe, expect, test } from '@jest/globals';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { publicPackages } from '../setup/public-packages.mjs';
import { run } from './command.js';
import { folder, names, tarballOf } from './tarballs.js';

let found: Record<string, string[]>;
beforeAll(async () => {
  const program = join(import.meta.dirname, '../setup/check-published.mjs');
  found = JSON.parse(await run('node', [program, ...names.map(tarballOf)], folder)) as typeof found;
});

describe.each(
  publicPackages().map((one) => ({ name: one.manifest.name, home: one.folder, manifest: one.manifest })),
)('$name', ({ name, home, manifest }) => {
  test('passes publint and attw', () => {
    expect(found[tarballOf(name)]).toEqual([]);
  });

  test('runs nothing when it is installed', () => {
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(manifest.scripts ?? {}).filter((script) => hooks.includes(script))).toEqual([]);
  });

  test('says what it is and what it needs', async () => {
    expect(manifest).toMatchObject({ license: 'MIT', engines: { node: '>=20.19' }, type: 'module' });
    for (const file of ['README.md', 'LICENSE']) await access(join(home, file));
  });

  test('holds what its users need, and nothing else', async () => {
    const listed = (await run('tar', ['-tzf', tarballOf(name)], folder)).trim().split(/\r?\n/);
    const files = listed.map((file) => file.replace(/^package\//, ''));
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    const needed =
      /^(LICENSE|(README|CHANGELOG)\.md|package\.json|(bin|configs|dist|types|public|scripts)\/.+)$/;
    const superfluous = /\.map$|\.test\.|(^|\/)(test|tests|src|node_modules|coverage|\.[^/]*)(\/|$)/;
    expect(files.filter((file) => !needed.test(file) || superfluous.test(file))).toEqual([]);
  });
});

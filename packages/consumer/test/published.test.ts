import { describe, expect, test } from '@jest/globals';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { publicPackages } from '../setup/public-packages.mjs';
import { run } from './command.js';
import { tarballOf } from './tarballs.js';

const bin = (name: string) => join(import.meta.dirname, '../node_modules/.bin', name);

describe.each(publicPackages().map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest })))(
  '$name',
  ({ name, folder, manifest }) => {
    test('passes publint', async () => {
      await run(bin('publint'), [tarballOf(name), '--strict'], folder);
    });

    test('passes attw', async () => {
      // A program for a thread is loaded by its URL: it has no types, and nothing imports it.
      const programs = Object.entries(manifest.exports ?? {}).flatMap(([entry, target]) =>
        typeof target === 'string' && target.endsWith('.js') ? [entry.replace('./', '')] : [],
      );
      const left = programs.length > 0 ? ['--exclude-entrypoints', ...programs] : [];
      await run(bin('attw'), [tarballOf(name), '--profile', 'node16', '--no-emoji', ...left], folder);
    });

    test('runs nothing when it is installed', () => {
      const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
      expect(Object.keys(manifest.scripts ?? {}).filter((script) => hooks.includes(script))).toEqual([]);
    });

    test('says what it is and what it needs', async () => {
      expect(manifest).toMatchObject({ license: 'MIT', engines: { node: '>=20.19' }, type: 'module' });
      for (const file of ['README.md', 'LICENSE']) await access(join(folder, file));
    });

    test('holds what its users need, and nothing else', async () => {
      const listed = (await run('tar', ['-tzf', tarballOf(name)], folder)).trim().split(/\r?\n/);
      const files = listed.map((file) => file.replace(/^package\//, ''));
      expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
      const needed = /^(LICENSE|(README|CHANGELOG)\.md|package\.json|(bin|configs|dist|public|scripts)\/.+)$/;
      const superfluous = /\.map$|\.test\.|(^|\/)(test|tests|src|node_modules|coverage|\.[^/]*)(\/|$)/;
      expect(files.filter((file) => !needed.test(file) || superfluous.test(file))).toEqual([]);
    });
  },
);

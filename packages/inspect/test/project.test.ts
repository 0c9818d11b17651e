import { describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';

import { findFiles, inspectFiles, requireNoConfig, writeProject } from '../src/index.js';
import { withScripts } from '../src/project/project-files.js';
import { temporaryFolder } from './files.js';
import { events } from './shop.js';

const folder = temporaryFolder();
const look = (...paths: string[]) => inspectFiles(paths, { threads: 1 });
const facts = { packages: { towerkit: '^1.0.0' }, skipScripts: true };
const empty = () => mkdtemp(join(folder.path(), 'out-'));
const log = (user: string, item: string) =>
  ['user,item,time', ...events(1).map((row) => `${user}${row.user},${item}${row.item},${row.time}`)].join(
    '\n',
  );

describe('writeProject', () => {
  test('writes a config, scripts, a README and an .npmrc; a second time nothing', async () => {
    const out = await empty();
    const inspection = await look(await folder.write('loans.csv', log('u', 'b')));
    const project = await writeProject(out, inspection, facts);
    expect(project).toEqual({
      ...{ name: 'loans', config: 'towerkit.config.ts', kept: [] },
      written: ['package.json', 'README.md', '.npmrc', 'towerkit.config.ts'],
    });
    expect((await readdir(out)).sort()).toEqual([...project.written].sort());
    expect(JSON.parse(await readFile(join(out, 'package.json'), 'utf8'))).toMatchObject({
      ...{ name: 'loans', private: true, dependencies: { towerkit: '^1.0.0' } },
      scripts: { train: 'towerkit train', start: 'towerkit serve --artifact artifacts/loans' },
    });
    expect(await readFile(join(out, 'README.md'), 'utf8')).toContain('npx towerkit train');
    await expect(writeProject(out, inspection, facts)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
    await expect(requireNoConfig(out)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
  });

  test('leaves files that are there, and adds scripts that a package.json lacks', async () => {
    const out = await empty();
    await writeFile(join(out, 'README.md'), 'mine');
    await writeFile(join(out, 'package.json'), '{\n    "name": "mine",\n    "scripts": {"train": "own"}\n}');
    const project = await writeProject(out, await look(await folder.write('loans.csv', log('u', 'b'))), {
      ...facts,
      skipScripts: false,
    });
    expect(project.kept).toEqual(['README.md']);
    expect(await readFile(join(out, 'README.md'), 'utf8')).toBe('mine');
    const text = await readFile(join(out, 'package.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      name: 'mine',
      scripts: { train: 'own', start: expect.any(String) },
    });
    expect(text).toContain('\n    "name"');
  });

  test('writes nothing where a file cannot be written', async () => {
    const out = await empty();
    await mkdir(join(out, 'towerkit.config.mjs')); // whatever has the name of a config stands for one
    await expect(
      writeProject(out, await look(await folder.write('loans.csv', log('u', 'b'))), facts),
    ).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
    expect(await readdir(out)).toEqual(['towerkit.config.mjs']);
  });

  test('scripts that are there stay, whatever they are', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (own) => {
        const text = withScripts(JSON.stringify({ scripts: own }), 'x');
        if (text !== undefined)
          expect(JSON.parse(text).scripts).toMatchObject(JSON.parse(JSON.stringify(own)));
      }),
    );
    for (const text of ['[]', 'no', '{"scripts": []}']) expect(withScripts(text, 'x')).toBeUndefined();
  });
});

describe('files that cannot be used', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['empty.csv', '', 'EMPTY_DATA'],
    ['blank.csv', '\n \n', 'EMPTY_DATA'],
    ['names.csv', 'user,item,time\n', 'EMPTY_DATA'],
    ['image.csv', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3), 'BAD_FILE'],
    ['workbook.csv', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), 'BAD_FILE'],
    ['array.json', '[\n{"user":1}\n]', 'UNKNOWN_FORMAT'],
    ['torn.parquet', 'PAR1 and nothing else', 'BAD_FILE'],
  ])('%s', async (name, content, code) => {
    await expect(look(await folder.write(name, content))).rejects.toMatchObject({ code });
  });

  test.each<[string, string, string]>([
    ['one column', `word\n${'a\nb\n'.repeat(20)}`, 'MISSING_COLUMN'],
    [
      'a table of items',
      ['id,title,price', ...Array.from({ length: 50 }, (_, i) => `${i},Thing number ${i},${i * 3}`)].join(
        '\n',
      ),
      'MISSING_COLUMN',
    ],
  ])('%s', async (_, content, code) => {
    const out = await empty();
    const inspection = await look(await folder.write('x.csv', content));
    await expect(writeProject(out, inspection, facts)).rejects.toMatchObject({ code });
    expect(await readdir(out)).toEqual([]);
  });

  test('two logs, or a log and a catalog, that share no id', async () => {
    const mine = await folder.write('mine.csv', log('u', 'b'));
    const other = await folder.write('other.csv', log('x', 'y'));
    const items = await folder.write(
      'items.csv',
      ['id,title,price', ...Array.from({ length: 50 }, (_, i) => `${i}.0,Thing number ${i},${i * 3}`)].join(
        '\n',
      ),
    );
    for (const [second, ids] of [
      [other, 'x'],
      [items, '0.0'],
    ])
      await expect(writeProject(await empty(), await look(mine, second), facts)).rejects.toMatchObject({
        code: 'NO_OVERLAP',
        hint: expect.stringContaining(ids),
      });
  });

  test('folders: of images, of nothing; files that are not there', async () => {
    const images = await empty();
    await writeFile(join(images, 'a.png'), 'x');
    await expect(findFiles([images])).rejects.toMatchObject({
      code: 'NO_DATA',
      message: expect.stringContaining('1 images'),
    });
    await expect(findFiles([await empty()])).rejects.toMatchObject({ code: 'NO_DATA' });
    await expect(findFiles([folder.path('absent')])).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    const path = await folder.write('loans.csv', log('u', 'b'));
    await expect(inspectFiles([path], { columns: { user: 'whom' } })).rejects.toMatchObject({
      code: 'MISSING_COLUMN',
    });
    const swapped = await inspectFiles([path], { threads: 1, columns: { user: 'item', item: 'user' } });
    expect([swapped.log!.user.name, swapped.log!.item.name]).toEqual(['item', 'user']);
    await expect(inspectFiles([])).rejects.toMatchObject({ code: 'NO_DATA' });
    await expect(inspectFiles(Array.from({ length: 30 }, () => 'x'))).rejects.toMatchObject({
      code: 'BAD_OPTION',
    });
    const tables = await empty();
    for (const name of ['log.csv', 'items.tsv.gz', 'package.json', 'notes.md'])
      await writeFile(join(tables, name), 'x');
    expect(await findFiles([tables, join(tables, 'log.csv')])).toEqual([
      join(tables, 'items.tsv.gz'),
      join(tables, 'log.csv'),
    ]);
  });
});

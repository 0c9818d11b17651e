import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { writeFileAtomic, writeFolderAtomic } from '../src/files/index.js';

const refusal = (code: string) => expect.objectContaining({ code });
const text = (...path: string[]) => readFile(join(folder, ...path), 'utf8');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-core-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeFileAtomic', () => {
  test('makes and replaces, text and bytes', async () => {
    const path = join(folder, 'a.json');
    await writeFileAtomic(path, 'é');
    expect(await text('a.json')).toBe('é');
    await writeFileAtomic(path, Uint8Array.of(104, 105));
    expect(await text('a.json')).toBe('hi');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('takes a name as long as the file system allows', async () => {
    const name = 'x'.repeat(250);
    await writeFileAtomic(join(folder, name), 'long');
    expect(await text(name)).toBe('long');
  });

  test('readers see one whole content or the other', async () => {
    const path = join(folder, 'a');
    const contents = ['a'.repeat(200_000), 'b'.repeat(100_000)];
    await writeFileAtomic(path, contents[0]);
    const writes = (async () => {
      for (let n = 0; n < 20; n++) await writeFileAtomic(path, contents[n % 2]);
    })();
    for (let n = 0; n < 50; n++) expect(contents.includes(await readFile(path, 'utf8'))).toBe(true);
    await writes;
  });

  test('a place that cannot be written: UNWRITABLE, and nothing left behind', async () => {
    await writeFile(join(folder, 'file'), 'kept');
    await mkdir(join(folder, 'taken'));
    for (const path of ['missing/a', 'file/a', 'taken'])
      await expect(writeFileAtomic(join(folder, path), 'x')).rejects.toEqual(refusal('UNWRITABLE'));
    expect((await readdir(folder)).sort()).toEqual(['file', 'taken']);
    expect(await text('file')).toBe('kept');
  });

  test('content that is none is the caller’s mistake, and leaves the old file', async () => {
    await writeFile(join(folder, 'a'), 'old');
    await expect(writeFileAtomic(join(folder, 'a'), 3 as never)).rejects.toEqual(
      refusal('ERR_INVALID_ARG_TYPE'),
    );
    expect(await text('a')).toBe('old');
    expect(await readdir(folder)).toEqual(['a']);
  });
});

describe('writeFolderAtomic', () => {
  const fillWith = (content: string) => async (place: string) => {
    await writeFile(join(place, 'a'), content);
    return content.length;
  };

  test('makes a folder, its parents too, and returns what fill returned', async () => {
    expect(await writeFolderAtomic(join(folder, 'x', 'y'), fillWith('new'))).toBe(3);
    expect(await text('x', 'y', 'a')).toBe('new');
    expect(await readdir(join(folder, 'x'))).toEqual(['y']);
  });

  test('replaces a folder as a whole', async () => {
    await mkdir(join(folder, 'x'));
    await writeFile(join(folder, 'x', 'old'), '');
    await writeFolderAtomic(join(folder, 'x'), fillWith('new'));
    expect(await readdir(join(folder, 'x'))).toEqual(['a']);
    expect(await readdir(folder)).toEqual(['x']);
  });

  test('the old folder stands while fill runs', async () => {
    await writeFolderAtomic(join(folder, 'x'), fillWith('old'));
    await writeFolderAtomic(join(folder, 'x'), async (place) => {
      await writeFile(join(place, 'a'), 'new');
      expect(await text('x', 'a')).toBe('old');
    });
    expect(await text('x', 'a')).toBe('new');
  });

  test('what fill throws comes through as it is; the old folder stays and nothing else', async () => {
    await writeFolderAtomic(join(folder, 'x'), fillWith('old'));
    const failure = new Error('half way');
    const half = async (place: string) => {
      await writeFile(join(place, 'a'), 'half');
      throw failure;
    };
    await expect(writeFolderAtomic(join(folder, 'x'), half)).rejects.toBe(failure);
    const synchronous = () => {
      throw failure;
    };
    await expect(writeFolderAtomic(join(folder, 'x'), synchronous)).rejects.toBe(failure);
    expect(await text('x', 'a')).toBe('old');
    expect(await readdir(folder)).toEqual(['x']);
  });

  test('an input that fill cannot find is not called unwritable; a place inside is', async () => {
    const reading = writeFolderAtomic(join(folder, 'x'), () => readFile(join(folder, 'input')));
    await expect(reading).rejects.toEqual(refusal('ENOENT'));
    const writing = writeFolderAtomic(join(folder, 'x'), (place) => writeFile(join(place, 'no', 'a'), ''));
    await expect(writing).rejects.toEqual(refusal('UNWRITABLE'));
    const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', syscall: 'write' });
    await expect(writeFolderAtomic(join(folder, 'x'), () => Promise.reject(full))).rejects.toEqual(
      expect.objectContaining({ code: 'UNWRITABLE', cause: full }),
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test('a file in the place or in the way: UNWRITABLE before fill runs, and the file stays', async () => {
    await writeFile(join(folder, 'file'), 'kept');
    let ran = false;
    const fill = async () => void (ran = true);
    for (const path of ['file', 'file/x'])
      await expect(writeFolderAtomic(join(folder, path), fill)).rejects.toEqual(refusal('UNWRITABLE'));
    expect(ran).toBe(false);
    expect(await text('file')).toBe('kept');
    expect(await readdir(folder)).toEqual(['file']);
  });

  test('a link to a folder is followed', async () => {
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'link'), 'junction');
    await writeFolderAtomic(join(folder, 'link'), fillWith('new'));
    expect(await text('real', 'a')).toBe('new');
    expect((await readdir(folder)).sort()).toEqual(['link', 'real']);
  });
});

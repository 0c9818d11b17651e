import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import {
  holdFolder,
  holdPath,
  recoverFolder,
  writeFileAtomic,
  writeFolderAtomic,
} from '../src/files/index.js';
import { THIS_PROCESS } from '../src/files/process-identity.js';

const FILES = pathToFileURL(join(import.meta.dirname, '../dist/files.js')).href;
const refusal = (code: string, more: object = {}) => expect.objectContaining({ code, ...more });

let folder: string;
let children: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-locks-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Another process, which runs `body` and has said so when this returns. */
async function another(body: string): Promise<ChildProcess> {
  const text = `import { holdFolder, writeFileAtomic, writeFolderAtomic } from '${FILES}';
    import { writeFile } from 'node:fs/promises';
    const forever = () => new Promise((resolve) => { console.log('there'); setTimeout(resolve, 60_000); });
    ${body}`;
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { cwd: folder, env });
  children.push(child);
  await once(child.stdout!, 'data');
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await once(child, 'close');
}

const write = (name: string, text = 'new') =>
  writeFolderAtomic(join(folder, name), (fresh) => writeFile(join(fresh, 'a'), text));

describe('a folder that another process writes', () => {
  test('is LOCKED, by its real path, with the owner in the message; and free when the other has ended', async () => {
    await write('shop', 'old');
    await symlink(join(folder, 'shop'), join(folder, 'link'), 'junction');
    const child = await another(`await holdFolder('shop', forever);`);
    for (const name of ['shop', 'shop/', 'shop/.', 'x/../shop', 'link'])
      await expect(write(name)).rejects.toEqual(
        refusal('LOCKED', {
          message: expect.stringMatching(new RegExp(`shop is being written by process ${child.pid} on `)),
          details: expect.objectContaining({ pid: child.pid }),
        }),
      );
    expect(await readFile(join(folder, 'shop/a'), 'utf8')).toBe('old');
    await end(child, 'SIGTERM');
    await write('link/');
    expect(await readFile(join(folder, 'shop/a'), 'utf8')).toBe('new');
    expect((await readdir(folder)).sort()).toEqual(['link', 'shop']);
  });

  test.each<NodeJS.Signals>(['SIGKILL', 'SIGINT', 'SIGTERM'])(
    'and was ended by %s: the next writer clears away what it left',
    async (signal) => {
      await write('shop', 'old');
      const fill = `async (fresh) => { await writeFile(fresh + '/a', 'half'); await forever(); }`;
      const child = await another(`await writeFolderAtomic('shop', ${fill});`);
      await end(child, signal);
      expect((await readdir(folder)).length).toBe(3); // the folder, a lock and half a new one
      expect(await readFile(join(folder, 'shop/a'), 'utf8')).toBe('old');
      await write('shop');
      expect(await readdir(folder)).toEqual(['shop']);
    },
  );

  test('another folder beside it is free', async () => {
    await another(`await holdFolder('shop', forever);`);
    await write('shop-2');
    expect(await readFile(join(folder, 'shop-2/a'), 'utf8')).toBe('new');
  });
});

describe('within a process', () => {
  test('of two writers at once one is refused; within its own hold a path is written again and again', async () => {
    await holdFolder(join(folder, 'shop'), async () => {
      await write('shop', '1');
      await write('shop', '2');
    });
    const both = await Promise.allSettled([write('shop', 'a'), write('shop', 'b')]);
    const [won] = both.flatMap(({ status }, at) => (status === 'fulfilled' ? ['ab'[at]] : []));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await readFile(join(folder, 'shop/a'), 'utf8')).toBe(won);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'LOCKED' } });
  });
});

describe('a lock that stands there', () => {
  const owner = {
    ...THIS_PROCESS,
    ...{ hostname: hostname(), command: 'towerkit', since: '2026-01-01T00:00:00Z', token: 't' },
  };
  const place = () => join(folder, '.shop.lock');
  const lock = (change: object) => writeFile(place(), JSON.stringify({ ...owner, ...change }));
  const old = () => utimes(place(), new Date(2020, 1), new Date(2020, 1));

  const linux = process.platform === 'linux' ? test : test.skip;
  linux('of a process number that is another process’s by now is stale', async () => {
    await lock({ started: '0badcafe' });
    await write('shop');
    expect(await readdir(folder)).toEqual(['shop']);
  });

  test('of another host counts until it is no longer renewed', async () => {
    await lock({ host: '00000000', hostname: 'elsewhere' });
    await expect(write('shop')).rejects.toEqual(
      refusal('LOCKED', { message: expect.stringMatching(/on elsewhere/) }),
    );
    await old();
    await write('shop');
    expect(await readdir(folder)).toEqual(['shop']);
  });

  test('of a system that does not say when a process started counts until it is no longer renewed', async () => {
    await lock({ started: '', pid: process.ppid });
    await expect(write('shop')).rejects.toEqual(refusal('LOCKED'));
    await old();
    await write('shop');
  });

  test('is taken over by one of many', async () => {
    await lock({ host: '00000000' });
    await old();
    const all = await Promise.allSettled(Array.from({ length: 8 }, (_, at) => write('shop', String(at))));
    expect(all.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const one of all) if (one.status === 'rejected') expect(one.reason).toEqual(refusal('LOCKED'));
    expect(await readdir(folder)).toEqual(['shop']);
  });

  test('something else of its name is not touched', async () => {
    await writeFile(place(), 'my notes');
    await expect(write('shop')).rejects.toEqual(refusal('UNWRITABLE'));
    expect(await readFile(place(), 'utf8')).toBe('my notes');
  });

  test('that was taken over meanwhile keeps the first writer from replacing anything', async () => {
    await write('shop', 'old');
    const late = writeFolderAtomic(join(folder, 'shop'), async (fresh) => {
      await writeFile(join(fresh, 'a'), 'late');
      await lock({ token: 'another' });
    });
    await expect(late).rejects.toEqual(refusal('LOCKED'));
    expect(await readFile(join(folder, 'shop/a'), 'utf8')).toBe('old');
    expect(await readFile(place(), 'utf8')).toMatch(/another/);
  });
});

describe('what killed writers left', () => {
  const dead = '999999999-0-00000000-00000000';

  test('the old folder is put back where there is no new one', async () => {
    await write('shop', 'old');
    await rename(join(folder, 'shop'), join(folder, `.shop.${dead}.old`));
    expect(await recoverFolder(join(folder, 'shop'))).toBe(true);
    expect(await readFile(join(folder, 'shop/a'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['shop']);
  });

  test('nothing of another target or of anybody else is touched', async () => {
    const others = ['.shop.tmp', `.shop-2.${dead}.tmp`, `shop.${dead}.tmp`, '.shop.1-2.tmp'];
    for (const name of others) await writeFile(join(folder, name), '');
    await write('shop');
    expect((await readdir(folder)).sort()).toEqual([...others, 'shop'].sort());
  });

  test('a temporary file goes with the next write of the file', async () => {
    const child = await another(`
      import { writeFileSync } from 'node:fs';
      import { fillFileAtomic } from '${FILES}';
      await fillFileAtomic('a.json', async (path) => { writeFileSync(path, 'half'); await forever(); });`);
    await end(child, 'SIGKILL');
    expect((await readdir(folder)).length).toBe(1);
    await writeFileAtomic(join(folder, 'a.json'), 'whole');
    expect(await readdir(folder)).toEqual(['a.json']);
  });
});

describe('a folder that is to be replaced', () => {
  const owned = { owned: () => ['a', 'text/b'] };
  const replace = () =>
    writeFolderAtomic(join(folder, 'shop'), (fresh) => writeFile(join(fresh, 'a'), 'new'), owned);

  test('may hold what its writer made, or nothing', async () => {
    await mkdir(join(folder, 'shop/text'), { recursive: true });
    await writeFile(join(folder, 'shop/text/b'), '');
    await replace();
    expect(await readdir(join(folder, 'shop'))).toEqual(['a']);
  });

  test.each(['c', '.hidden', 'text/c', 'more/a', 'A'])('is FOLDER_IN_USE with %s in it', async (name) => {
    await mkdir(join(folder, 'shop/text'), { recursive: true });
    await mkdir(join(folder, 'shop/more'));
    if (name !== 'more/a') await rm(join(folder, 'shop/more'), { recursive: true });
    await writeFile(join(folder, 'shop', name), 'mine');
    await expect(replace()).rejects.toEqual(refusal('FOLDER_IN_USE'));
    expect(await readFile(join(folder, 'shop', name), 'utf8')).toBe('mine');
    expect(await readdir(folder)).toEqual(['shop']);
  });

  test('is FOLDER_IN_USE where a file comes into it while the new one is made', async () => {
    const late = writeFolderAtomic(
      join(folder, 'shop'),
      async (fresh) => {
        await writeFile(join(fresh, 'a'), 'new');
        await mkdir(join(folder, 'shop'));
        await writeFile(join(folder, 'shop/notes'), 'mine');
      },
      owned,
    );
    await expect(late).rejects.toEqual(refusal('FOLDER_IN_USE'));
    expect(await readdir(join(folder, 'shop'))).toEqual(['notes']);
  });

  test('is UNWRITABLE as the root of a file system, or behind a link that leads nowhere', async () => {
    await symlink(join(folder, 'gone'), join(folder, 'link'), 'junction');
    for (const path of ['/', join(folder, 'link')])
      await expect(holdFolder(path, async () => undefined)).rejects.toEqual(refusal('UNWRITABLE'));
  });
});

test('folders above are made for a folder that comes, and go where it does not; a file may want them there', async () => {
  const failure = new Error('not today');
  await expect(holdFolder(join(folder, 'x/y/z'), () => Promise.reject(failure))).rejects.toBe(failure);
  expect(await readdir(folder)).toEqual([]);
  const missing = holdPath(join(folder, 'x/file'), async () => undefined, { makeParents: false });
  await expect(missing).rejects.toEqual(refusal('UNWRITABLE'));
  expect(await readdir(folder)).toEqual([]);
});

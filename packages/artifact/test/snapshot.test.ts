import { describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readArtifactFile, snapshotArtifact, SnapshotFolder, verifyArtifact } from '../src/index.js';
import { code, withFolders } from './setup.js';

let parent: string;
let folder: string;
withFolders(
  (made) => ({ parent, folder } = made),
  async (fresh) => {
    await mkdir(join(fresh, 'text'));
    await writeFile(join(fresh, 'text/words.txt'), 'words');
    await writeFile(join(fresh, 'model.bin'), Buffer.alloc(3_000_000, 7));
    await writeFile(join(fresh, 'empty'), '');
  },
);

describe('a snapshot', () => {
  test('is the artifact as it was verified, whatever becomes of the artifact', async () => {
    const verified = await verifyArtifact(folder);
    const copy = await snapshotArtifact(folder, join(parent, 'copy'));
    expect(copy).toEqual({ ...verified, folder: join(parent, 'copy') });
    await writeFile(join(folder, 'text/words.txt'), 'other');
    await rm(join(folder, 'model.bin'));
    expect(await verifyArtifact(copy.folder)).toEqual(copy);
    expect(await readFile(join(copy.folder, 'text/words.txt'), 'utf8')).toBe('words');
    expect((await lstat(copy.folder)).mode & 0o777).toBe(0o700);
  });

  test('takes nothing that is not listed, and nothing that does not fit', async () => {
    await writeFile(join(folder, 'stray'), 'x');
    const copy = await snapshotArtifact(folder, join(parent, 'copy'));
    expect((await readdir(copy.folder)).sort()).toEqual(['empty', 'manifest.json', 'model.bin', 'text']);
    await writeFile(join(folder, 'text/words.txt'), 'WORDS');
    await expect(snapshotArtifact(folder, join(parent, 'other'))).rejects.toThrow(
      code('BAD_ARTIFACT', /text\/words\.txt .*checksum/),
    );
  });

  test('says so where it cannot be written', async () => {
    await writeFile(join(parent, 'file'), '');
    for (const place of [folder, join(parent, 'file'), join(parent, 'no', 'such')])
      await expect(snapshotArtifact(folder, place)).rejects.toThrow(code('UNWRITABLE'));
    await expect(SnapshotFolder.make(join(parent, 'none'))).rejects.toThrow(code('UNWRITABLE'));
  });
});

const unix = process.platform === 'win32' ? test.skip : test;

describe.each([
  ['verifying', (source: string) => verifyArtifact(source)],
  ['copying', (source: string) => snapshotArtifact(source, join(parent, 'copy'))],
])('%s', (_, open) => {
  const spoil: Record<string, (path: string) => unknown> = {
    'a pipe': (path) => execFileSync('mkfifo', [path]),
    'a device': (path) => symlink('/dev/zero', path),
    'a folder': (path) => mkdir(path),
    'a link out of the folder': async (path) => {
      await writeFile(join(parent, 'words'), 'words');
      await symlink(join(parent, 'words'), path);
    },
  };
  for (const [what, make] of Object.entries(spoil))
    unix(`refuses ${what} in the place of a file, at once`, async () => {
      for (const name of ['text/words.txt', 'manifest.json']) {
        const path = join(folder, name);
        const kept = join(parent, 'kept');
        await rename(path, kept);
        await make(path);
        await expect(open(folder)).rejects.toThrow(code('BAD_ARTIFACT', /regular file/));
        await rm(path, { recursive: true });
        await rename(kept, path);
        await rm(join(parent, 'words'), { force: true });
        await rm(join(parent, 'copy'), { recursive: true, force: true });
      }
    });

  unix('refuses a folder that is a link', async () => {
    await rename(join(folder, 'text'), join(parent, 'text'));
    await symlink(join(parent, 'text'), join(folder, 'text'));
    await expect(open(folder)).rejects.toThrow(code('BAD_ARTIFACT', /regular file/));
  });

  test('reads no further than the manifest says', async () => {
    await truncate(join(folder, 'model.bin'), 2 ** 42).catch(() =>
      appendFile(join(folder, 'model.bin'), 'x'),
    );
    await expect(open(folder)).rejects.toThrow(code('BAD_ARTIFACT', /model\.bin has \d+ bytes instead of/));
    await rm(join(parent, 'copy'), { recursive: true, force: true });
    await truncate(join(folder, 'manifest.json'), 2 ** 30);
    await expect(open(folder)).rejects.toThrow(code('BAD_ARTIFACT', /manifest\.json has \d+ bytes/));
  });
});

test('one file is read again against the manifest', async () => {
  const verified = await verifyArtifact(folder);
  expect(Buffer.from(await readArtifactFile(verified, 'text/words.txt')).toString()).toBe('words');
  expect((await readArtifactFile(verified, 'model.bin')).every((byte) => byte === 7)).toBe(true);
  expect(await readArtifactFile(verified, 'empty')).toHaveLength(0);
  await writeFile(join(folder, 'text/words.txt'), 'WORDS');
  await expect(readArtifactFile(verified, 'text/words.txt')).rejects.toThrow(
    code('BAD_ARTIFACT', /checksum/),
  );
  await expect(readArtifactFile(verified, 'other')).rejects.toThrow(code('BAD_ARTIFACT', /lists no other/));
});

describe('the folder of snapshots', () => {
  const BUILT = fileURLToPath(new URL('../dist/index.js', import.meta.url));
  /** Makes a folder in another process, which ends as it is told to. */
  const other = (end: string) =>
    spawnSync(process.execPath, [
      '--input-type=module',
      '-e',
      `import { SnapshotFolder } from ${JSON.stringify(BUILT)};
       await SnapshotFolder.make(${JSON.stringify(parent)});
       ${end}`,
    ]);
  const left = async () => (await readdir(parent)).filter((name) => name.startsWith('towerkit-snapshot-'));

  test('is gone when it is removed, and with the process', async () => {
    const made = await SnapshotFolder.make(parent);
    expect((await lstat(made.path)).mode & 0o777).toBe(0o700);
    await writeFile(join(made.path, 'a'), 'a');
    await made.remove();
    other('process.exit(3)');
    expect(await left()).toEqual([]);
  });

  test('that a killed process left is removed by the next; one in use, of another host, or a mere name is not', async () => {
    const used = await SnapshotFolder.make(parent);
    other("process.kill(process.pid, 'SIGKILL')");
    expect(await left()).toHaveLength(2);
    await mkdir(join(parent, 'towerkit-snapshot-00000000-1-1-abcdef'));
    await mkdir(join(parent, `towerkit-snapshot-${hostname()}`));
    const next = await SnapshotFolder.make(parent);
    expect((await left()).sort()).toEqual(
      [used.path, next.path, 'towerkit-snapshot-00000000-1-1-abcdef', `towerkit-snapshot-${hostname()}`]
        .map((path) => path.slice(path.startsWith(parent) ? parent.length + 1 : 0))
        .sort(),
    );
    await used.remove();
    await next.remove();
  });
});

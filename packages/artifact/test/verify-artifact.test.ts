import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  copyArtifact,
  readArtifact,
  requireUnchanged,
  rewriteArtifact,
  verifyArtifact,
  versionOf,
  whileUnchanged,
} from '../src/index.js';
import { code, withFolders } from './setup.js';
import { facts } from './toy.js';

let parent: string;
let folder: string;
withFolders(
  (made) => ({ parent, folder } = made),
  async (fresh) => {
    await mkdir(join(fresh, 'text'));
    await writeFile(join(fresh, 'text/words.txt'), 'words');
    await writeFile(join(fresh, 'model.bin'), 'weights');
  },
);

describe('verifying', () => {
  test('finds what was written: facts, sizes and checksums', async () => {
    const { manifest, version } = await verifyArtifact(folder);
    const { schemaVersion, createdAt, files, ...rest } = manifest;
    expect(schemaVersion).toBe(2);
    expect(Date.now() - Date.parse(createdAt)).toBeLessThan(60_000);
    expect(rest).toEqual(facts);
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(files).toEqual({
      'model.bin': { bytes: 7, sha256: sha256('weights') },
      'text/words.txt': { bytes: 5, sha256: sha256('words') },
    });
    expect(version).toBe(sha256(await readFile(join(folder, 'manifest.json'), 'utf8')).slice(0, 12));
    expect(await versionOf(folder)).toBe(version);
  });

  test('says what is wrong: a file that is missing, of another size, of other bytes, or a folder', async () => {
    await writeFile(join(folder, 'model.bin'), 'weight5');
    await expect(verifyArtifact(folder)).rejects.toThrow(code('BAD_ARTIFACT', /model\.bin .*checksum/));
    await writeFile(join(folder, 'model.bin'), 'weight');
    await expect(verifyArtifact(folder)).rejects.toThrow(code('BAD_ARTIFACT', /6 bytes instead of 7/));
    await rm(join(folder, 'model.bin'));
    await expect(verifyArtifact(folder)).rejects.toThrow(code('BAD_ARTIFACT', /model\.bin is missing/));
    await mkdir(join(folder, 'model.bin'));
    await expect(verifyArtifact(folder)).rejects.toThrow(
      code('BAD_ARTIFACT', /model\.bin is not a regular file/),
    );
  });

  test('wants a manifest, and the kind that was asked for', async () => {
    await expect(verifyArtifact(parent)).rejects.toThrow(code('ARTIFACT_NOT_FOUND'));
    await expect(verifyArtifact(join(parent, 'no', 'such'))).rejects.toThrow(code('ARTIFACT_NOT_FOUND'));
    await expect(versionOf(join(folder, 'model.bin'))).rejects.toThrow(code('ARTIFACT_NOT_FOUND'));
    await expect(verifyArtifact(folder, 'als')).rejects.toThrow(code('BAD_ARTIFACT', /kind toy, not als/));
    expect((await verifyArtifact(folder, 'toy')).manifest.kind).toBe('toy');
  });

  test('takes one that was verified as it is: no file is read again', async () => {
    const verified = await verifyArtifact(folder);
    await rm(folder, { recursive: true });
    expect(await verifyArtifact(verified)).toBe(verified);
    expect(await verifyArtifact(verified, 'toy')).toBe(verified);
    await expect(verifyArtifact(verified, 'als')).rejects.toThrow(code('BAD_ARTIFACT'));
    await expect(readArtifact(verified)).rejects.toThrow(code('ARTIFACT_NOT_FOUND')); // its tables are read now
  });

  test('a verified one is plain data, for another thread', async () => {
    const verified = await verifyArtifact(folder);
    expect(structuredClone(verified)).toEqual(verified);
    await requireUnchanged(structuredClone(verified));
  });
});

describe('an artifact that was replaced', () => {
  test('is noticed', async () => {
    const verified = await verifyArtifact(folder);
    await requireUnchanged(verified);
    await rewriteArtifact(folder, verified.manifest, (fresh) => writeFile(join(fresh, 'model.bin'), 'new'));
    await expect(requireUnchanged(verified)).rejects.toThrow(code('ARTIFACT_CHANGED'));
    await rm(folder, { recursive: true });
    await expect(requireUnchanged(verified)).rejects.toThrow(code('ARTIFACT_NOT_FOUND'));
  });

  test('is ARTIFACT_CHANGED where it is copied, not BAD_ARTIFACT', async () => {
    const verified = await verifyArtifact(folder);
    await rewriteArtifact(folder, verified.manifest, (fresh) => writeFile(join(fresh, 'model.bin'), 'new'));
    await expect(copyArtifact(verified, join(parent, 'copy'))).rejects.toThrow(
      code('ARTIFACT_CHANGED', /toy/),
    );
    expect(await readdir(parent)).toEqual(['toy']);
  });

  test('gives neither the result nor the error of work that read it meanwhile', async () => {
    const verified = await verifyArtifact(folder);
    const failure = new Error('not today');
    const failing = () => Promise.reject(failure);
    expect(await whileUnchanged([verified], async () => 1)).toBe(1);
    await expect(whileUnchanged([verified], failing)).rejects.toBe(failure);
    const replace = () =>
      rewriteArtifact(folder, verified.manifest, (fresh) => writeFile(join(fresh, 'model.bin'), 'new'));
    await expect(whileUnchanged([verified], replace)).rejects.toThrow(code('ARTIFACT_CHANGED'));
    await expect(whileUnchanged([verified], failing)).rejects.toThrow(code('ARTIFACT_CHANGED'));
  });
});

describe('rewriting', () => {
  test('keeps all files but the index, and lists what it has now', async () => {
    const { manifest } = await writeIndex();
    expect(Object.keys(manifest.files)).toContain('index/index.json');
    await rewriteArtifact(folder, { ...manifest, name: 'other' }, (fresh) =>
      writeFile(join(fresh, 'model.bin'), 'longer weights'),
    );
    const after = (await verifyArtifact(folder)).manifest;
    expect(after.name).toBe('other');
    expect(Object.keys(after.files)).toEqual(['model.bin', 'text/index', 'text/words.txt']);
    expect(after.files['text/words.txt']).toEqual(manifest.files['text/words.txt']);
    expect(after.files['model.bin'].bytes).toBe(14);
    expect(await readFile(join(folder, 'text/words.txt'), 'utf8')).toBe('words');
  });

  test('that fails leaves the artifact as it was', async () => {
    const before = await verifyArtifact(folder);
    const failing = rewriteArtifact(folder, before.manifest, async (fresh) => {
      await rm(join(fresh, 'model.bin'));
      throw new Error('no more room');
    });
    await expect(failing).rejects.toThrow('no more room');
    expect(await verifyArtifact(folder)).toEqual(before);
  });

  /** The artifact with an index, and a file that is only called so. */
  async function writeIndex() {
    const { manifest } = await verifyArtifact(folder);
    await rewriteArtifact(folder, manifest, async (fresh) => {
      await mkdir(join(fresh, 'index'));
      await writeFile(join(fresh, 'index/index.json'), '{}');
      await writeFile(join(fresh, 'text/index'), 'of words');
    });
    return verifyArtifact(folder);
  }
});

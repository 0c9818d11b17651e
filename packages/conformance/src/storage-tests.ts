import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '@towerkit/core';

import type { Suite } from './suite.js';
import { historiesOf, scoresOf, throwsCode, upTo } from './support.js';

type Tensors = Record<string, StoredTensor>;

/** What is saved is the whole model, and what is loaded is not trusted. */
export function storageTests({ fitted, load, kind, interactions }: Suite): void {
  const name = `${kind}.safetensors`;
  const inFolder = async (act: (folder: string) => Promise<void>) => {
    const folder = await mkdtemp(join(tmpdir(), 'towerkit-conformance-'));
    try {
      await act(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  /** Loads the saved model after `change` had its way with the file. */
  const afterChange = (change: (bytes: Buffer) => Uint8Array, code: string) =>
    inFolder(async (folder) => {
      await (await fitted()).save(folder);
      await writeFile(join(folder, name), change(await readFile(join(folder, name))));
      await throwsCode(() => load(folder), code);
    });
  const withTensors = (change: (tensors: Tensors) => void) => (bytes: Buffer) => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    change(tensors);
    return encodeSafetensors(tensors, metadata);
  };
  const withMetadata = (change: Record<string, string>) => (bytes: Buffer) => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    return encodeSafetensors(tensors, { ...metadata, ...change });
  };

  describe('save and load', () => {
    test('give the same model, bit for bit, in one file', async () =>
      inFolder(async (folder) => {
        const model = await fitted();
        await model.save(folder);
        expect(await readdir(folder)).toEqual([name]);
        const loaded = await load(folder);
        expect([loaded.kind, loaded.items]).toEqual([kind, interactions.cols]);
        const [histories, users] = [historiesOf(interactions), upTo(interactions.rows)];
        for (const who of [users, undefined])
          expect(await scoresOf(loaded, histories, who)).toEqual(await scoresOf(model, histories, who));
        await loaded.save(folder);
        expect((await load(folder)).items).toBe(interactions.cols);
      }));

    test('a loaded model can be fitted again', async () =>
      inFolder(async (folder) => {
        const model = await fitted();
        await model.save(folder);
        const loaded = await load(folder);
        await loaded.fit(interactions);
        const [histories, users] = [historiesOf(interactions), upTo(interactions.rows)];
        expect(await scoresOf(loaded, histories, users)).toEqual(await scoresOf(model, histories, users));
      }));

    test('nothing there', async () =>
      inFolder((folder) => throwsCode(() => load(folder), 'MODEL_NOT_FOUND')));

    test('what is no regular file is refused at once, not waited for', async () =>
      inFolder(async (folder) => {
        await mkdir(join(folder, name));
        await throwsCode(() => load(folder), 'BAD_MODEL');
        if (process.platform === 'win32') return;
        await rmdir(join(folder, name));
        execFileSync('mkfifo', [join(folder, name)]);
        await throwsCode(() => load(folder), 'BAD_MODEL');
      }));

    test('a folder that is not there', async () =>
      inFolder(async (folder) => {
        const missing = join(folder, 'missing');
        await throwsCode(() => load(missing), 'MODEL_NOT_FOUND');
        await throwsCode(async () => (await fitted()).save(missing), 'UNWRITABLE');
      }));

    test('no safetensors at all', () => afterChange(() => Buffer.from('not a model'), 'BAD_MODEL'));

    test.each([0, 7, 0.3, 0.7, 0.999])('cut off at %d', (at) =>
      afterChange((bytes) => bytes.subarray(0, at < 1 ? Math.floor(at * bytes.length) : at), 'BAD_MODEL'),
    );

    test('another kind of model, another version, options that are none', async () => {
      await afterChange(withMetadata({ format: 'something-else' }), 'BAD_MODEL');
      await afterChange(withMetadata({ version: '999' }), 'BAD_MODEL');
      await afterChange(withMetadata({ options: '{"' }), 'BAD_MODEL');
      await afterChange(withMetadata({ options: 'null' }), 'BAD_MODEL');
    });

    test('a tensor missing, of another type, not finite or out of range', async () =>
      inFolder(async (folder) => {
        const model = await fitted();
        await model.save(folder);
        const { tensors } = decodeSafetensors(await readFile(join(folder, name)));
        expect(Object.keys(tensors).length).toBeGreaterThan(0);
        for (const [key, { shape, data }] of Object.entries(tensors)) {
          await afterChange(
            withTensors((all) => void delete all[key]),
            'BAD_MODEL',
          );
          const bytes = new Uint8Array(data.length);
          await afterChange(
            withTensors((all) => void (all[key] = { shape, data: bytes.fill(255) })),
            'BAD_MODEL',
          );
          if (data.length === 0 || data instanceof Uint8Array) continue;
          const wrong = data.slice().fill(data instanceof Float32Array ? NaN : -7);
          await afterChange(
            withTensors((all) => void (all[key] = { shape, data: wrong })),
            'BAD_MODEL',
          );
        }
      }));
  });
}

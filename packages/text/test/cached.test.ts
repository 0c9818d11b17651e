import { describe, expect, test } from '@jest/globals';
import { Matrix } from '@towerkit/core';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { cached, type EncodeOptions, type TextEncoder } from '../src/index.js';
import { inFolder } from './in-folder.js';

/** An encoder that tells what it was asked: the vector of a text is its length and its first letter. */
class Recorder implements TextEncoder {
  readonly name = 'recorder/1';
  readonly dimensions = 2;
  readonly asked: string[] = [];
  disposed = false;

  constructor(readonly fingerprint = 'a'.repeat(64)) {}

  static vector = (text: string) => [text.length, text.length === 0 ? 0 : text.charCodeAt(0)];

  async encode(
    texts: readonly string[],
    { normalize = true, onProgress }: EncodeOptions = {},
  ): Promise<Matrix> {
    this.asked.push(...texts);
    expect(normalize).toBe(false); // what is kept must serve both
    onProgress?.({ stage: 'encode', done: texts.length, total: texts.length, unit: 'texts' });
    return new Matrix(texts.length, 2, Float32Array.from(texts.flatMap(Recorder.vector)));
  }

  async dispose() {
    this.disposed = true;
  }
}

const raw = { normalize: false };
const files = async (folder: string) => {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.safetensors')).map((name) => join(folder, name));
};

test('a second run encodes nothing', () =>
  inFolder(async (folder) => {
    const texts = ['red hat', '', 'blue', 'red hat', 'ü'];
    const first = new Recorder();
    const one = cached(first, { folder });
    const out = await one.encode(texts, raw);
    expect([...out.data]).toEqual(texts.flatMap(Recorder.vector));
    expect(first.asked).toEqual(['red hat', '', 'blue', 'ü']); // each once
    expect(one.stats()).toEqual({ hits: 1, misses: 4 });

    const second = new Recorder();
    const two = cached(second, { folder });
    expect((await two.encode([...texts].reverse(), raw)).data).toEqual(
      Float32Array.from([...texts].reverse().flatMap(Recorder.vector)),
    );
    expect(second.asked).toEqual([]);
    expect(two.stats()).toEqual({ hits: 5, misses: 0 });
    expect(await files(folder)).toHaveLength(1);
  }));

test('only what is new is encoded and written', () =>
  inFolder(async (folder) => {
    const inner = new Recorder();
    const encoder = cached(inner, { folder });
    await encoder.encode(['a', 'b']);
    await encoder.encode(['b', 'c']);
    expect(inner.asked).toEqual(['a', 'b', 'c']);
    expect(encoder.stats()).toEqual({ hits: 1, misses: 3 });
    expect(encoder).toMatchObject({ name: inner.name, dimensions: 2, fingerprint: inner.fingerprint });
    await encoder.dispose!();
    expect(inner.disposed).toBe(true);
  }));

test('normalized or not, from one file', () =>
  inFolder(async (folder) => {
    const encoder = cached(new Recorder(), { folder });
    const [length, letter] = Recorder.vector('red');
    const unit = await encoder.encode(['red', '']);
    expect(unit.data[0]).toBeCloseTo(length / Math.hypot(length, letter), 6);
    expect([...unit.row(1)]).toEqual([0, 0]);
    expect([...(await encoder.encode(['red'], raw)).data]).toEqual([length, letter]);
  }));

test('half a character is the text that encoders read', () =>
  inFolder(async (folder) => {
    const inner = new Recorder();
    const encoder = cached(inner, { folder });
    await encoder.encode(['a\ud800', 'a\ufffd']);
    expect(inner.asked).toEqual(['a\ufffd']);
    await expect(encoder.encode([3 as never])).rejects.toMatchObject({
      code: 'BAD_TEXT',
      details: { row: 0 },
    });
  }));

test('encoders keep apart', () =>
  inFolder(async (folder) => {
    await cached(new Recorder(), { folder }).encode(['a']);
    const other = new Recorder('b'.repeat(64));
    await cached(other, { folder }).encode(['a']);
    expect(other.asked).toEqual(['a']);
    expect(await readdir(folder)).toEqual([`recorder_1-${'a'.repeat(16)}`, `recorder_1-${'b'.repeat(16)}`]);
  }));

test('an interrupted run keeps what it has', () =>
  inFolder(async (folder) => {
    const texts = Array.from({ length: 10_000 }, (_, k) => `text ${k}`);
    const controller = new AbortController();
    const asked = cached(new Recorder(), { folder }).encode(texts, {
      signal: controller.signal,
      onProgress: ({ done }) => done > 8000 && controller.abort(new Error('enough')),
    });
    await expect(asked).rejects.toThrow('enough');
    const again = cached(new Recorder(), { folder });
    await again.encode(texts);
    expect(again.stats()).toEqual({ hits: 8192, misses: 10_000 - 8192 });
  }));

test('progress counts every text, those that were there at once', () =>
  inFolder(async (folder) => {
    const encoder = cached(new Recorder(), { folder });
    await encoder.encode(['a', 'b']);
    const seen: number[] = [];
    await encoder.encode(['a', 'c', 'b', 'c', 'd'], { onProgress: ({ done }) => seen.push(done) });
    expect(seen).toEqual([2, 5]);
  }));

describe('many writers', () => {
  test('many small files become one, and nothing is lost', () =>
    inFolder(async (folder) => {
      const encoder = cached(new Recorder(), { folder });
      const texts = Array.from({ length: 40 }, (_, k) => `text ${k}`);
      for (const text of texts) await encoder.encode([text]);
      expect((await files(folder)).length).toBeLessThan(16);
      const again = cached(new Recorder(), { folder });
      expect([...(await again.encode(texts, raw)).data]).toEqual(texts.flatMap(Recorder.vector));
      expect(again.stats()).toEqual({ hits: 40, misses: 0 });
    }));

  test('at once: every vector is right, and stays', () =>
    inFolder(async (folder) => {
      const texts = Array.from({ length: 60 }, (_, k) => `text ${k}`);
      // Each a process of its own as far as the folder goes: they share nothing else.
      const writers = Array.from({ length: 6 }, () => cached(new Recorder(), { folder }));
      await Promise.all(
        writers.map(async (writer, w) => {
          for (let k = 0; k < 60; k++) {
            const text = texts[(k * 7 + w * 10) % 60];
            expect([...(await writer.encode([text], raw)).data]).toEqual(Recorder.vector(text));
          }
        }),
      );
      const again = cached(new Recorder(), { folder });
      expect([...(await again.encode(texts, raw)).data]).toEqual(texts.flatMap(Recorder.vector));
      expect(again.stats().misses).toBe(0);
    }));

  test('one sees what the other wrote', () =>
    inFolder(async (folder) => {
      const [a, b] = [cached(new Recorder(), { folder }), cached(new Recorder(), { folder })];
      await b.encode(['x']);
      await a.encode(['y']);
      await b.encode(['y']);
      expect(b.stats()).toEqual({ hits: 1, misses: 1 });
    }));

  test('calls of one encoder are served in turn', () =>
    inFolder(async (folder) => {
      const inner = new Recorder();
      const encoder = cached(inner, { folder });
      await Promise.all([encoder.encode(['a', 'b']), encoder.encode(['b', 'a'])]);
      expect(inner.asked).toEqual(['a', 'b']);
    }));
});

describe('a cache that is not what it should be', () => {
  test('damaged anywhere: an error that names the file, never another vector', () =>
    inFolder(async (folder) => {
      await cached(new Recorder(), { folder }).encode(['a', 'b']);
      const [file] = await files(folder);
      const whole = await readFile(file);
      for (let at = 0; at < whole.length; at += 5) {
        const bytes = Buffer.from(whole);
        bytes[at] ^= 0x11;
        await writeFile(file, bytes);
        await expect(cached(new Recorder(), { folder }).encode(['a'])).rejects.toMatchObject({
          code: 'BAD_CACHE',
          details: { path: file },
          hint: expect.stringContaining('remove it'),
        });
      }
      await writeFile(file, whole.subarray(0, 100));
      await expect(cached(new Recorder(), { folder }).encode(['a'])).rejects.toMatchObject({
        code: 'BAD_CACHE',
      });
      await rm(file);
      const again = new Recorder();
      await cached(again, { folder }).encode(['a']);
      expect(again.asked).toEqual(['a']);
    }));

  test('of another encoder, put there by hand', () =>
    inFolder(async (folder) => {
      await cached(new Recorder('b'.repeat(64)), { folder }).encode(['a']);
      const [file] = await files(folder);
      const own = join(folder, `recorder_1-${'a'.repeat(16)}`);
      await mkdir(own);
      const name = '00000000-0000-4000-8000-000000000000.safetensors';
      await writeFile(join(own, name), await readFile(file));
      await expect(cached(new Recorder(), { folder }).encode(['a'])).rejects.toMatchObject({
        code: 'BAD_CACHE',
        message: expect.stringContaining('another encoder'),
        details: { path: join(own, name) },
      });
    }));

  test('what a crash left behind, and files of others, are passed over', () =>
    inFolder(async (folder) => {
      await cached(new Recorder(), { folder }).encode(['a']);
      const own = join(folder, `recorder_1-${'a'.repeat(16)}`);
      await writeFile(join(own, '.00000000-0000-4000-8000-000000000000.tmp'), 'half');
      await writeFile(join(own, 'notes.safetensors'), 'mine');
      const again = cached(new Recorder(), { folder });
      await again.encode(['a']);
      expect(again.stats()).toEqual({ hits: 1, misses: 0 });
      expect(await readdir(own)).toHaveLength(3);
    }));

  test('a file where the folder should be', () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, 'file'), 'mine');
      const asked = cached(new Recorder(), { folder: join(folder, 'file') }).encode(['a']);
      await expect(asked).rejects.toMatchObject({ code: 'UNWRITABLE' });
    }));

  test('no folder at all', () => {
    expect(() => cached(new Recorder(), { folder: '' })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
  });
});

const posix = process.platform === 'win32' ? test.skip : test;

posix('a file of the cache that is a link, a pipe or a folder is refused, and never waited for', async () => {
  await inFolder(async (folder) => {
    const encoder = new Recorder();
    await cached(encoder, { folder }).encode(['a'], raw);
    const [whole] = await files(folder);
    const strange = join(dirname(whole), `${'0'.repeat(36)}.safetensors`);
    for (const put of [
      () => symlink('/dev/zero', strange),
      () => symlink(whole, strange),
      async () => void execFileSync('mkfifo', [strange]),
      () => mkdir(strange),
    ]) {
      await put();
      const open = () => cached(encoder, { folder }).encode(['a'], raw);
      await expect(open()).rejects.toMatchObject({ code: 'BAD_CACHE', details: { path: strange } });
      await rm(strange, { recursive: true });
    }
  });
});

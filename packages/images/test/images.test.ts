import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { RawImage } from '@huggingface/transformers';

import { embedImages, imageEncoder, imageFiles, type ImageEncoder } from '../src/index.js';
import { png } from './png.js';
import { writeTinyModel } from './tiny-model.js';

let folder: string;
let encoder: ImageEncoder;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-images-'));
  for (const kind of ['whole', 'map', 'clip', 'strange'] as const)
    await writeTinyModel(join(folder, kind), kind);
  encoder = await imageEncoder({ model: join(folder, 'whole'), threads: 1 });
});
afterAll(async () => {
  await encoder.dispose();
  await rm(folder, { recursive: true });
});

const refusal = (code: string, message?: RegExp) =>
  expect.objectContaining({ code, ...(message && { message: expect.stringMatching(message) }) });
const jpeg = async (width: number, height: number, [r, g, b]: readonly number[]) => {
  const pixels = Uint8ClampedArray.from({ length: width * height * 3 }, (_, i) => [r, g, b][i % 3]);
  return new RawImage(pixels, width, height, 3).toSharp().jpeg({ quality: 95 }).toBuffer();
};
/** A folder of images by name. */
async function gallery(images: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  const at = await mkdtemp(join(folder, 'gallery-'));
  for (const [name, bytes] of Object.entries(images)) await writeFile(join(at, name), bytes);
  return at;
}
const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => +value.toFixed(2));

describe('an encoder', () => {
  test.each(['whole', 'map', 'clip'] as const)(
    'of the layout %s gives what its graph computes',
    async (kind) => {
      const own = await imageEncoder({ model: join(folder, kind), threads: 1 });
      try {
        expect([own.name, own.dimensions]).toEqual([kind, 3]);
        const vectors = await own.encode([
          png(20, 10, [255, 0, 51]),
          await jpeg(9, 30, [0, 255, 0]),
          png(8, 8, [102]), // gray
          png(300, 12, [0, 0, 255, 128]), // with alpha, which is dropped
        ]);
        expect(Array.from({ length: 4 }, (_, row) => rounded(vectors.row(row)))).toEqual([
          [1, 0, 0.2],
          [0, 1, 0],
          [0.4, 0.4, 0.4],
          [0, 0, 1],
        ]);
      } finally {
        await own.dispose();
      }
    },
  );

  test('a fingerprint follows from the files', async () => {
    const same = await imageEncoder({ model: join(folder, 'whole'), threads: 1 });
    const other = await imageEncoder({ model: join(folder, 'clip'), threads: 1 });
    expect(same.fingerprint).toBe(encoder.fingerprint);
    expect(other.fingerprint).not.toBe(encoder.fingerprint);
    await same.dispose();
    await other.dispose();
  });

  test('bytes that are no image are named', async () => {
    const images = [png(4, 4, [1]), Buffer.from('no image'), png(4, 4, [1]).subarray(0, 40)];
    await expect(encoder.encode(images, { names: ['a', 'b.png', 'c'] })).rejects.toThrow(
      refusal('BAD_IMAGE', /^b\.png is no image: /),
    );
    await expect(encoder.encode([images[2]])).rejects.toThrow(refusal('BAD_IMAGE', /^image 0 is no image/));
    expect((await encoder.encode([])).rows).toBe(0);
  });

  test('a folder that is none, lacks a file or holds broken ones', async () => {
    const open = (model: string) => imageEncoder({ model });
    await expect(open(join(folder, 'absent'))).rejects.toThrow(refusal('MODEL_UNAVAILABLE'));
    await expect(open('')).rejects.toThrow(refusal('BAD_OPTION'));
    await expect(open(join(folder, 'strange'))).rejects.toThrow(
      refusal('BAD_MODEL', /gives no vectors, but logits/),
    );
    const broken = join(folder, 'broken');
    await mkdir(broken);
    await expect(open(broken)).rejects.toThrow(refusal('BAD_MODEL', /config\.json is missing/));
    await writeTinyModel(broken);
    await writeFile(join(broken, 'onnx/model.onnx'), 'nothing');
    await expect(open(broken)).rejects.toThrow(refusal('BAD_MODEL', /model\.onnx cannot be used/));
    await writeFile(join(broken, 'preprocessor_config.json'), '[]');
    await expect(open(broken)).rejects.toThrow(
      refusal('BAD_MODEL', /preprocessor_config\.json is no JSON object/),
    );
  });
});

describe('the images of a folder', () => {
  const red = png(8, 8, [255, 0, 0]);
  test('are sorted by id, whatever the batch', async () => {
    const at = await gallery({
      'b.png': red,
      'a.b.jpeg': await jpeg(8, 8, [0, 0, 255]),
      'B.PNG': png(8, 8, [0, 255, 0]),
      'notes.txt': 'not an image',
    });
    const expected = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]; // prettier-ignore
    for (const batchSize of [1, 2, 16]) {
      const done: number[] = [];
      const { ids, vectors, skipped } = await embedImages(encoder, at, {
        batchSize,
        onProgress: (event) => done.push(event.done),
      });
      expect(ids).toEqual(['B', 'a.b', 'b']);
      expect(ids.map((_, row) => rounded(vectors.row(row)))).toEqual(expected);
      expect([skipped, done.at(-1)]).toEqual([[], 3]);
    }
  });

  test('one that cannot be read is an error with its name, or is skipped', async () => {
    const at = await gallery({
      'a.png': 'x',
      'b.png': red,
      'c.jpg': red.subarray(0, 30),
      'd.png': red,
      'e.gif': '',
    });
    await expect(embedImages(encoder, at)).rejects.toThrow(refusal('BAD_IMAGE', /a\.png is no image/));
    for (const batchSize of [1, 2, 16]) {
      const { ids, vectors, skipped } = await embedImages(encoder, at, { onBad: 'skip', batchSize });
      expect(ids).toEqual(['b', 'd']);
      expect([vectors.rows, ...rounded(vectors.data)]).toEqual([2, 1, 0, 0, 1, 0, 0]);
      expect(skipped.map(({ file }) => file)).toEqual(['a.png', 'c.jpg', 'e.gif']);
    }
    await expect(embedImages(encoder, await gallery({ 'a.png': 'x' }), { onBad: 'skip' })).rejects.toThrow(
      refusal('EMPTY_DATA', /none of the 1 images/),
    );
  });

  test('two of one id, none at all, no folder, a signal', async () => {
    await expect(imageFiles(await gallery({ 'a.png': red, 'a.jpg': red }))).rejects.toThrow(
      refusal('DUPLICATE_ID', /two images of "a": a\.jpg and a\.png/),
    );
    await expect(imageFiles(await gallery({ 'a.txt': 'x' }))).rejects.toThrow(refusal('EMPTY_DATA'));
    await expect(imageFiles(join(folder, 'absent'))).rejects.toThrow(refusal('FILE_NOT_FOUND'));
    const at = await gallery({ 'a.png': red });
    await expect(
      embedImages(encoder, at, { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
    for (const options of [{ batchSize: 0 }, { onBad: 'ignore' as 'skip' }])
      await expect(embedImages(encoder, at, options)).rejects.toThrow(refusal('BAD_OPTION'));
  });
});

/** The real encoder: below TOWERKIT_SHARED, or `shared` beside a folder above. */
function realModel(): string | undefined {
  const shared = process.env.TOWERKIT_SHARED;
  const places = shared ? [shared] : [];
  for (let at = import.meta.dirname; at !== dirname(at); at = dirname(at))
    places.push(join(dirname(at), 'shared'));
  return places.map((place) => join(place, 'models/efficientnet-lite0')).find((place) => existsSync(place));
}

(realModel() ? describe : describe.skip)('efficientnet-lite0', () => {
  test('images that look alike are nearer, and the same image gives the same vector in any batch', async () => {
    const real = await imageEncoder({ model: realModel()!, threads: 2 });
    try {
      const images = [png(64, 64, [200, 30, 30]), png(90, 40, [190, 40, 35]), png(64, 64, [20, 60, 200])];
      const vectors = await real.encode(images);
      expect([vectors.rows, vectors.cols]).toEqual([3, 1280]);
      const cosine = (a: number, b: number) => {
        const dot = (x: number, y: number) =>
          vectors.row(x).reduce((sum, v, i) => sum + v * vectors.row(y)[i], 0);
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
      };
      expect(cosine(0, 1)).toBeGreaterThan(0.9);
      expect(cosine(0, 1)).toBeGreaterThan(cosine(0, 2));
      const alone = await real.encode([images[2]]);
      alone.data.forEach((value, i) => expect(value).toBeCloseTo(vectors.row(2)[i], 3));
    } finally {
      await real.dispose();
    }
  });
});

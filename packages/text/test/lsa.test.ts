import { describe, expect, test } from '@jest/globals';
import { Rng, Vocabulary } from '@towerkit/core';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fitLsa, loadLsa } from '../src/index.js';
import { frequentTerms, TermWeights } from '../src/lsa/term-weights.js';
import { termsOf } from '../src/lsa/term-weights.js';
import { inFolder } from './in-folder.js';

const NOUNS = ['farm', 'barn', 'cow', 'crop', 'tractor', 'rifle', 'tank', 'soldier', 'war', 'bomb'];

/** Titles of five words about farms or about wars. */
function titles(count: number, seed = 1): string[] {
  const rng = new Rng(seed);
  return Array.from({ length: count }, (_, row) => {
    const from = row % 2 === 0 ? 0 : 5;
    return Array.from({ length: 5 }, () => NOUNS[from + rng.integer(5)]).join(' ');
  });
}

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, c) => sum + value * b[c], 0);

describe('terms', () => {
  test('words and neighbors', () => {
    expect(termsOf('The Last of Us: Part II')).toEqual([
      ...['the', 'last', 'of', 'us', 'part', 'ii'],
      ...['the last', 'last of', 'of us', 'us part', 'part ii'],
    ]);
  });

  test.each([
    ['ÉTÉ', ['été']],
    ['e\u0301te\u0301', ['été']],
    ['ＦＩＦＡ', ['fifa']],
    ['ゼルダの伝説', ['ゼルダの伝説']],
    ['हिन्दी', ['हिन्दी']],
    ['3DS/Wii', ['3ds', 'wii', '3ds wii']],
    ['\ufffd', []],
    ['', []],
    [' !? ', []],
  ])('of %p', (text, expected) => expect(termsOf(text)).toEqual(expected));

  test('the most frequent are kept, ties by their letters', () => {
    const counts = new Map(Object.entries({ d: 1, c: 2, b: 2, a: 5, e: 2 }));
    expect(frequentTerms(counts, { minCount: 2, limit: 3 })).toEqual({
      names: ['a', 'b', 'c'],
      counts: Int32Array.of(5, 2, 2),
    });
  });
});

test('weights worked by hand', () => {
  const known = { vocabulary: new Vocabulary(['hat', 'red']), counts: Int32Array.of(3, 1), texts: 7 };
  const { ids, weights } = new TermWeights(known).of('Red hat, RED boots');
  const hat = 1 + Math.log(8 / 4);
  const red = (1 + Math.log(2)) * (1 + Math.log(8 / 2));
  expect([...ids]).toEqual([0, 1]);
  expect(weights[0]).toBeCloseTo(hat / Math.hypot(hat, red), 12);
  expect(weights[1]).toBeCloseTo(red / Math.hypot(hat, red), 12);
});

test('words that go with the same words come near each other', async () => {
  const encoder = await fitLsa(titles(400), { dimensions: 2, threads: 1 });
  const [barn, cow, tank] = [0, 1, 2].map(async (k) =>
    (await encoder.encode(['barn', 'cow', 'tank'])).row(k),
  );
  expect(cosine(await barn, await cow)).toBeGreaterThan(0.95);
  expect(cosine(await barn, await tank)).toBeLessThan(0.1);
});

test('vectors of the texts keep what their weights say of them', async () => {
  // With all directions kept, products of vectors are products of TF-IDF rows.
  const texts = titles(30);
  const encoder = await fitLsa(texts, { dimensions: 200, minCount: 1, threads: 1 });
  expect(encoder.dimensions).toBeLessThanOrEqual(30);
  const out = await encoder.encode(texts, { normalize: false });
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const term of new Set(termsOf(text))) counts.set(term, (counts.get(term) ?? 0) + 1);
  const kept = frequentTerms(counts, { minCount: 1, limit: 1e9 });
  const weights = new TermWeights({ vocabulary: new Vocabulary(kept.names), counts: kept.counts, texts: 30 });
  const rows = texts.map((text) => weights.of(text));
  for (let a = 0; a < 30; a++)
    for (let b = 0; b < a; b++) {
      let exact = 0;
      rows[a].ids.forEach((id, k) => {
        const at = rows[b].ids.indexOf(id);
        if (at >= 0) exact += rows[a].weights[k] * rows[b].weights[at];
      });
      expect(Math.abs(cosine(out.row(a), out.row(b)) - exact)).toBeLessThan(2e-3);
    }
});

test('vectors have a length of 1 unless told otherwise; of nothing known, zeros', async () => {
  const encoder = await fitLsa(titles(100), { dimensions: 4, threads: 1 });
  const texts = ['farm tank', '', 'unheard of', '\ud800 farm'];
  const out = await encoder.encode(texts);
  expect(cosine(out.row(0), out.row(0))).toBeCloseTo(1, 5);
  expect([...out.row(1), ...out.row(2)]).toEqual(new Array(8).fill(0));
  expect([...out.row(3)]).toEqual([...(await encoder.encode(['farm'])).row(0)]);
  const raw = await encoder.encode(texts, { normalize: false });
  expect(cosine(raw.row(0), raw.row(0))).toBeLessThan(0.99);
});

test('the same seed gives the same fingerprint on any number of threads', async () => {
  const texts = titles(300);
  const one = await fitLsa(texts, { dimensions: 6, seed: 3, threads: 1 });
  const two = await fitLsa(texts, { dimensions: 6, seed: 3, threads: 2, onProgress: () => undefined });
  const other = await fitLsa([...texts, 'farm war'], { dimensions: 6, seed: 3, threads: 1 });
  expect(two.fingerprint).toBe(one.fingerprint);
  expect(other.fingerprint).not.toBe(one.fingerprint);
});

test('progress and signal', async () => {
  const seen: string[] = [];
  const texts = titles(50);
  const encoder = await fitLsa(texts, {
    ...{ dimensions: 3, threads: 1 },
    onProgress: ({ stage, done, total, unit }) => seen.push(`${stage} ${done}/${total} ${unit}`),
  });
  expect(seen).toEqual([1, 2, 3, 4, 5, 6].map((done) => `fit ${done}/6 iterations`));
  seen.length = 0;
  await encoder.encode(texts, {
    batchSize: 20,
    onProgress: ({ done, total }) => seen.push(`${done}/${total}`),
  });
  expect(seen).toEqual(['20/50', '40/50', '50/50']);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(fitLsa(texts, { signal, threads: 1 })).rejects.toThrow('enough');
  await expect(encoder.encode(texts, { signal })).rejects.toThrow('enough');
});

describe('the file', () => {
  test('gives back the same encoder', () =>
    inFolder(async (folder) => {
      const encoder = await fitLsa(titles(100), { dimensions: 5, threads: 1 });
      await encoder.save(folder);
      const read = await loadLsa(folder);
      expect(read.fingerprint).toBe(encoder.fingerprint);
      expect(read.singularValues).toEqual(encoder.singularValues);
      const texts = ['farm war', 'new cow'];
      expect((await read.encode(texts)).data).toEqual((await encoder.encode(texts)).data);
    }));

  test('damaged anywhere: an error, never other vectors', () =>
    inFolder(async (folder) => {
      const encoder = await fitLsa(titles(60), { dimensions: 3, threads: 1 });
      await encoder.save(folder);
      const file = join(folder, 'lsa.safetensors');
      const whole = await readFile(file);
      const rng = new Rng(9);
      const damages = Array.from({ length: 60 }, () => {
        const bytes = Buffer.from(whole);
        bytes[rng.integer(bytes.length)] ^= 1 + rng.integer(255);
        return bytes;
      });
      for (const bytes of [...damages, whole.subarray(0, whole.length - 4), Buffer.alloc(0)]) {
        await writeFile(file, bytes);
        await expect(loadLsa(folder)).rejects.toMatchObject({ code: 'BAD_MODEL' });
      }
    }));

  test('is not there', () =>
    inFolder(async (folder) => {
      await expect(loadLsa(folder)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
      await mkdir(join(folder, 'lsa.safetensors'));
      await expect(loadLsa(folder)).rejects.toMatchObject({ code: 'BAD_MODEL' });
      await expect(loadLsa(join(folder, 'none'))).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    }));

  test('cannot be written', () =>
    inFolder(async (folder) => {
      const encoder = await fitLsa(titles(60), { dimensions: 3, threads: 1 });
      await expect(encoder.save(join(folder, 'none'))).rejects.toMatchObject({ code: 'UNWRITABLE' });
    }));
});

describe('refuses', () => {
  test.each([[[]], [['', ' ']], [['one', 'two', 'three']]])('%j: nothing comes twice', async (texts) => {
    await expect(fitLsa(texts, { threads: 1 })).rejects.toMatchObject({ code: 'EMPTY_DATA' });
  });

  test.each([{ dimensions: 0 }, { minCount: 0 }, { maxVocabulary: 0.5 }, { seed: NaN }, { threads: 0 }])(
    '%j',
    async (options) => {
      await expect(fitLsa(titles(10), options)).rejects.toMatchObject({ code: 'BAD_OPTION' });
    },
  );

  test('what is no text, naming its row', async () => {
    const texts = [...titles(4), 5 as never];
    await expect(fitLsa(texts)).rejects.toMatchObject({ code: 'BAD_TEXT', details: { row: 4 } });
    const encoder = await fitLsa(titles(20), { dimensions: 2, threads: 1 });
    await expect(encoder.encode(texts)).rejects.toMatchObject({ code: 'BAD_TEXT', details: { row: 4 } });
  });
});

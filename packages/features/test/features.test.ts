import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Rng, Vocabulary } from '@towerkit/core';
import { encodeCatalog, type Catalog, type CatalogRow } from '@towerkit/data';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  columnsRead,
  columnsWanted,
  encodeColumns,
  fitFeatures,
  fitTexts,
  itemSide,
  reopenEncoder,
  saveEncoders,
  textPlaces,
  textsOf,
  type EncodedColumns,
  type Encodings,
  type FeatureInput,
} from '../src/index.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'towerkit-features-'))));
afterAll(() => rm(folder, { recursive: true }));

const WANTED = {
  categories: { color: { minCount: 2 } },
  numeric: { price: { transform: 'log1p' }, weight: { transform: 'none' } },
} as const;
const TEXTS = { words: { columns: ['title', 'note'], encoder: { kind: 'lsa', dimensions: 2 } } } as const;

const side = (names: readonly string[], catalog?: Catalog) =>
  itemSide({ items: new Vocabulary(names) }, catalog);

/** What training makes of a catalog, with the encoders it fitted kept in a folder of its own. */
async function fitted(names: readonly string[], catalog: Catalog, seen: Int32Array) {
  const own = await mkdtemp(join(folder, 'fit-'));
  const features = fitFeatures(side(names, catalog), WANTED, seen);
  const places = textPlaces(join(own, 'artifact'), {});
  const texts = await fitTexts(side(names, catalog), TEXTS, places, { seed: 1, threads: 1 });
  await mkdir(join(own, 'artifact'));
  await saveEncoders(join(own, 'artifact'), texts.fitted);
  const encodings: Encodings = { ...features.encodings, ...texts.encodings };
  const inputs: FeatureInput[] = [
    { of: 'color', dimensions: 4 },
    ...Object.entries({ ...features.features, ...texts.features }).map(([of, { cols }]) => ({
      of,
      dimensions: cols,
    })),
  ];
  const again = (count: number, column: (name: string) => readonly unknown[]): Promise<EncodedColumns> =>
    encodeColumns(JSON.parse(JSON.stringify(encodings)), inputs, count, column, (name, encoding) =>
      reopenEncoder(join(own, 'artifact'), name, encoding, places, { threads: 1 }),
    );
  return { features, texts, encodings, again };
}

const rows: CatalogRow[] = [
  { id: 'a', title: 'red wool hat', note: 'warm', color: 'red', price: Math.E - 1, weight: 1 },
  { id: 'b', title: 'red cotton hat', color: 'red', price: Math.E ** 3 - 1, weight: 3 },
  { id: 'c', title: null, note: null, color: 'blue', weight: 8 },
  { id: 'd', title: 'blue wool scarf', color: null, price: 0, weight: 100 },
];
const names = ['b', 'a', 'c', 'd', 'stranger'];
const seen = Int32Array.of(2, 1, 5, 0, 0); // d and the stranger are in no training row

describe('worked by hand', () => {
  test('codes: those of the items in training that are frequent enough; 0 for the rest', async () => {
    const { features } = await fitted(names, encodeCatalog(rows), seen);
    expect(features.encodings.color).toEqual({ kind: 'categorical', names: ['<unknown>', 'red'] });
    expect(features.categories.color.size).toBe(2);
    expect([...features.categories.color.codes]).toEqual([1, 1, 0, 0, 0]);
  });

  test('numbers: standardized by the items in training; one that is missing is (0, 1)', async () => {
    const { features } = await fitted(names, encodeCatalog(rows), seen);
    // ln(1 + price) of a and b is 1 and 3: mean 2, deviation 1.
    expect(features.encodings.price).toMatchObject({
      mean: expect.closeTo(2, 10),
      deviation: expect.closeTo(1, 10),
    });
    const { price, weight } = features.features;
    expect([price.rows, price.cols]).toEqual([5, 2]);
    [1, 0, -1, 0, 0, 1, -2, 0, 0, 1].forEach((value, i) => expect(price.data[i]).toBeCloseTo(value, 6));
    // 1, 3 and 8: mean 4, variance 26 / 3. The stranger lacks it, so that there is a flag.
    [(3 - 4) / Math.sqrt(26 / 3), 0].forEach((value, i) => expect(weight.row(0)[i]).toBeCloseTo(value, 6));
    expect([...weight.row(4)]).toEqual([0, 1]);
  });

  test('numbers that none lacks have no flag, and later ones that lack it are the mean', async () => {
    const { features, again } = await fitted(names.slice(0, 4), encodeCatalog(rows), seen.slice(0, 4));
    expect(features.features.weight.cols).toBe(1);
    const { features: later } = await again(1, () => [null]);
    expect(later.weight).toMatchObject({ rows: 1, cols: 1, data: Float32Array.of(0) });
  });

  test('texts: columns joined as sentences, the blank ones left out', () => {
    expect(
      textsOf([
        ['a', null, ' ', 'b '],
        ['c', 'd', undefined, NaN],
      ]),
    ).toEqual(['a. c', 'd', '', 'b']);
    expect(
      textsOf([
        [3, 0],
        ['x', ''],
      ]),
    ).toEqual(['3. x', '0']);
    expect(textsOf([])).toEqual([]);
  });

  test('an item without a text is zeros', async () => {
    const { texts } = await fitted(names, encodeCatalog(rows), seen);
    expect([...texts.features.words.row(2)]).toEqual([0, 0]);
    expect([...texts.features.words.row(4)]).toEqual([0, 0]);
    expect(Math.hypot(...texts.features.words.row(0))).toBeCloseTo(1, 5);
    expect(texts.encodings.words).toMatchObject({ kind: 'text', columns: ['title', 'note'], dimensions: 2 });
  });

  test('the columns that are read, with what they hold', async () => {
    const { encodings } = await fitted(names, encodeCatalog(rows), seen);
    expect(columnsRead(encodings)).toEqual({
      ...{ color: 'text', price: 'number', weight: 'number', title: 'text', note: 'text' },
    });
  });

  test('what the model does not read is not encoded', async () => {
    const { encodings } = await fitted(names, encodeCatalog(rows), seen);
    const none = () => Promise.reject(new Error('no text is read'));
    const { categories, features } = await encodeColumns(
      encodings,
      [{ of: 'price', dimensions: 2 }],
      1,
      () => [0],
      none,
    );
    expect(categories).toEqual({});
    expect(Object.keys(features)).toEqual(['price']);
    expect(features.price.data[0]).toBeCloseTo(-2, 5);
  });
});

describe('one encoding', () => {
  const WORDS = ['red', 'blue', 'wool', 'hat', 'tea', 'lamp', 'small', 'old'];

  test('new items, and questions, are encoded as training encoded the same rows: random catalogs', async () => {
    const rng = new Rng(8);
    for (let round = 0; round < 10; round++) {
      const count = 12 + rng.integer(20);
      const lacks = (share: number) => rng.uniform() < share;
      const words = () => Array.from({ length: 1 + rng.integer(4) }, () => WORDS[rng.integer(8)]).join(' ');
      const flagged = round % 2 === 0 ? 0.3 : 0;
      const made = Array.from({ length: count }, (_, i): CatalogRow => ({
        id: `i${i}`,
        title: lacks(0.2) ? null : words(),
        note: lacks(0.5) ? null : words(),
        color: lacks(0.2) ? null : WORDS[rng.integer(8)],
        price: lacks(flagged) ? null : 100 * rng.uniform(),
        weight: lacks(flagged) ? null : rng.normal(),
      }));
      const ids = made.map(({ id }) => id);
      const counts = Int32Array.from(ids, () => rng.integer(3));
      const { features, texts, again } = await fitted(ids, encodeCatalog(made), counts);
      const order = rng.shuffle(Int32Array.from(ids.keys())); // rows come in any order, and one by one
      const found = await again(count, (name) => Array.from(order, (item) => made[item][name]));
      for (const [place, item] of order.entries()) {
        expect(found.categories.color[place]).toBe(features.categories.color.codes[item]);
        for (const [name, matrix] of Object.entries({ ...features.features, ...texts.features }))
          expect([...found.features[name].row(place)]).toEqual([...matrix.row(item)]);
      }
      const alone = await again(1, (name) => [made[order[0]][name]]);
      for (const [name, matrix] of Object.entries(alone.features))
        expect([...matrix.data]).toEqual([...found.features[name].row(0)]);
    }
  });

  test('a text with all else unknown is an item of which the catalog has nothing but the text', async () => {
    const known = [...rows, { id: 'e', title: 'old red lamp' }];
    const { features, texts, again } = await fitted(
      ['a', 'b', 'c', 'e'],
      encodeCatalog(known),
      Int32Array.of(1, 1, 1, 0),
    );
    const { categories, features: found } = await again(1, (name) => [
      name === 'title' ? 'old red lamp' : null,
    ]);
    expect([...categories.color]).toEqual([features.categories.color.codes[3]]);
    expect([...categories.color]).toEqual([0]);
    expect([...found.price.data]).toEqual([0, 1]);
    expect([...found.price.data]).toEqual([...features.features.price.row(3)]);
    expect([...found.words.data]).toEqual([...texts.features.words.row(3)]);
  });

  test('the encoder must be the one of the training', async () => {
    const { encodings } = await fitted(names, encodeCatalog(rows), seen);
    const other = await fitted(names.slice(0, 2), encodeCatalog(rows.slice(0, 2)), seen.slice(0, 2));
    const wrong = {
      ...other.encodings.words,
      fingerprint: (encodings.words as { fingerprint: string }).fingerprint,
    };
    await mkdir(join(folder, 'other'), { recursive: true });
    await saveEncoders(join(folder, 'other'), other.texts.fitted);
    await expect(
      reopenEncoder(join(folder, 'other'), 'words', wrong as never, textPlaces(folder, {})),
    ).rejects.toThrow(expect.objectContaining({ code: 'OTHER_ENCODER' }));
  });

  test('a column that the catalog lacks is named, with those it has', () => {
    expect(() => fitFeatures(side(names, encodeCatalog([{ id: 'a', size: 3 }])), WANTED, seen)).toThrow(
      expect.objectContaining({ code: 'MISSING_COLUMN', hint: 'it has id, size' }),
    );
    expect(() => fitFeatures(side(names), WANTED, seen)).toThrow(
      expect.objectContaining({ code: 'MISSING_COLUMN', hint: 'the data set has no catalog' }),
    );
  });
});

describe('columns', () => {
  test('are read as features need them: to the letter where they are a category or a text', () => {
    expect(
      columnsWanted({
        categories: { kind: { minCount: 1 }, year: { minCount: 1 } },
        numeric: { price: { transform: 'none' }, year: { transform: 'none' } },
        text: { words: { columns: ['title', 'note'], encoder: { kind: 'lsa', dimensions: 8 } } },
      }),
    ).toEqual({ price: 'number', year: 'text', kind: 'text', title: 'text', note: 'text' });
  });

  test('of text are numbers where a number is wanted, and what is none names its item', () => {
    const rows = ['2001', 'NaN', '-', '1e3'].map((year, i) => ({ id: `i${i}`, year }));
    const fit = (values: typeof rows, transform: 'none' | 'log1p' = 'none') =>
      fitFeatures(
        side(
          values.map(({ id }) => id),
          encodeCatalog(values),
        ),
        { categories: { year: { minCount: 1 } }, numeric: { year: { transform } } },
        Int32Array.from(values, () => 1),
      ).features.year;
    const { data } = fit(rows);
    expect(Array.from(data, (value) => Math.round(value))).toEqual([1, 0, 0, 1, 0, 1, -1, 0]);
    for (const year of ['Infinity', 'soon', '1_000', '1e39'])
      expect(() => fit([...rows, { id: 'last', year }])).toThrow(
        expect.objectContaining({
          code: 'BAD_VALUE',
          message: `column "year", item "last": ${JSON.stringify(year)} is not a finite number of 32 bits`,
        }),
      );
    expect(() => fit([...rows, { id: 'last', year: '-2' }], 'log1p')).toThrow(
      /item "last": "-2" is not a finite number above -1/,
    );
  });
});

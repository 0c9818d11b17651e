import { describe, expect, test } from '@jest/globals';
import { Vocabulary } from '@towerkit/core';
import { encodeUsers } from '@towerkit/data';

import { columnsRead, columnsWanted, encodeColumns, fitFeatures, userSide } from '../src/index.js';

const DAY = 86400;
const table = encodeUsers(
  [
    { id: 'ann', age: '18-25', joined: '1970-01-02' },
    { id: 'bo', age: '65+', joined: '1970-01-04' },
    { id: 'cy', age: '65+', joined: 5 * DAY },
    { id: 'nobody', age: '18-25', joined: '2024-01-01' },
  ],
  { joined: 'date' },
);
const wanted = { categories: { age: { minCount: 1 } }, numeric: {}, dates: { joined: {} } };
const users = new Vocabulary(['bo', 'ann', 'stranger', 'cy']);
const fitted = () => fitFeatures(userSide({ users }, table), wanted, Int32Array.of(1, 2, 3, 0));

describe('features of users', () => {
  test('a row for each user of the log, of those in training; users without a row are unknown', () => {
    const { categories, features, encodings } = fitted();
    expect(encodings.age).toEqual({ kind: 'categorical', names: ['<unknown>', '18-25', '65+'] });
    expect([...categories.age.codes]).toEqual([2, 1, 0, 2]);
    // Of bo and ann: the mean is the third of January, the deviation a day.
    expect(encodings.joined).toEqual({
      ...{ kind: 'numeric', transform: 'none', date: true, mean: 2 * DAY, deviation: DAY },
    });
    expect(Array.from(features.joined.data)).toEqual([1, 0, -1, 0, 0, 1, 3, 0]);
  });

  test('dates in a question are read as in the file', async () => {
    const { encodings } = fitted();
    const inputs = [{ of: 'joined', dimensions: 2 }];
    const encoded = (value: unknown) =>
      encodeColumns(
        encodings,
        inputs,
        1,
        () => [value],
        () => Promise.reject(new Error('no text')),
      );
    for (const value of ['1970-01-04', '1970-01-04T01:00+01:00', 3 * DAY, String(3 * DAY)])
      expect([...(await encoded(value)).features.joined.data]).toEqual([1, 0]);
    for (const value of [null, '', 'n/a'])
      expect([...(await encoded(value)).features.joined.data]).toEqual([0, 1]);
    await expect(encoded('4.1.1970')).rejects.toMatchObject({
      code: 'BAD_VALUE',
      message: 'column "joined", row 0: "4.1.1970" is not a date',
    });
  });

  test('columns are dates where dates are read, and text where a category is too', () => {
    expect(columnsWanted(wanted)).toEqual({ age: 'text', joined: 'date' });
    expect(columnsWanted({ ...wanted, categories: { joined: { minCount: 1 } } })).toEqual({ joined: 'text' });
    expect(columnsRead(fitted().encodings)).toEqual({ age: 'text', joined: 'date' });
  });

  test('a column that the table lacks is named, as is a table that there is not', () => {
    const missing = { ...wanted, numeric: { income: { transform: 'none' as const } } };
    expect(() => fitFeatures(userSide({ users }, table), missing, new Int32Array(4))).toThrow(
      expect.objectContaining({
        code: 'MISSING_COLUMN',
        message: 'data.users.features: the table of users has no column "income"',
        hint: 'it has id, age, joined',
      }),
    );
    expect(() => fitFeatures(userSide({ users }), missing, new Int32Array(4))).toThrow(
      expect.objectContaining({ code: 'MISSING_COLUMN', hint: 'name its file: data.users.file' }),
    );
  });
});

describe('other readings of numbers, and lists', () => {
  const more = encodeUsers([
    { id: 'ann', age: 20, income: 1, likes: 'tea|art' },
    { id: 'bo', age: 40, income: 5, likes: 'tea' },
    { id: 'cy', age: null, income: 9, likes: 'war' },
  ]);
  const names = new Vocabulary(['ann', 'bo', 'cy']);
  const fit = (asked: object, seen = Int32Array.of(1, 1, 0)) =>
    fitFeatures(userSide({ users: names }, more), { categories: {}, numeric: {}, ...asked }, seen);
  const again = async (asked: object, values: unknown[]) => {
    const { encodings, features, categories } = fit(asked);
    const inputs = [
      ...Object.entries(features).map(([of, { cols }]) => ({ of, dimensions: cols })),
      ...Object.keys(categories).map((of) => ({ of, dimensions: 2 })),
    ];
    return encodeColumns(
      JSON.parse(JSON.stringify(encodings)),
      inputs,
      values.length,
      () => values,
      () => Promise.reject(new Error('no text')),
    );
  };

  test('min-max, as it is, and a flag that is asked for or left out', async () => {
    const scaled = { numeric: { age: { scale: 'min-max', missing: false } } };
    expect([...fit(scaled).features.age.data]).toEqual([0, 1, 0.5]);
    expect([...(await again(scaled, [30, null])).features.age.data]).toEqual([0.5, 0.5]);
    const plain = { numeric: { income: { scale: 'none', missing: true } } };
    expect([...fit(plain).features.income.data]).toEqual([1, 0, 5, 0, 9, 0]);
    expect([...(await again(plain, ['3', null])).features.income.data]).toEqual([3, 0, 0, 1]);
  });

  test('buckets are a category, of those in training', async () => {
    const asked = { numeric: { age: { buckets: 2 } } };
    const { categories, features, encodings } = fit(asked);
    expect(features).toEqual({});
    expect(categories.age).toEqual({ codes: Int32Array.of(1, 2, 0), size: 3 });
    expect(columnsRead(encodings)).toEqual({ age: 'number' });
    expect([...(await again(asked, [39, '41', null])).categories.age]).toEqual([1, 2, 0]);
    const dates = await again({ dates: { age: { buckets: 2 } } }, ['1970-01-01T00:00:39Z', 40]);
    expect([...dates.categories.age]).toEqual([1, 2]);
  });

  test('lists are a number for each name that training had; others are counted as unseen', async () => {
    const asked = { lists: { likes: { minCount: 1 } } };
    const { features, encodings } = fit(asked);
    expect(encodings.likes).toMatchObject({
      kind: 'list',
      names: ['tea', 'art'],
      pool: 'mean',
      separator: '|',
    });
    expect([...features.likes.data]).toEqual([0.5, 0.5, 1, 0, 0, 0]);
    const { features: found, unseen } = await again(asked, ['art|war', null]);
    expect([...found.likes.data]).toEqual([0, 1, 0, 0]);
    expect([...unseen.likes]).toEqual([['war', 1]]);
    expect(columnsRead(encodings)).toEqual({ likes: 'text' });
    expect(() => fit(asked, Int32Array.of(0, 0, 0))).toThrow(
      expect.objectContaining({
        code: 'EMPTY_DATA',
        message: 'column "likes": no user in training has a name in it',
      }),
    );
  });
});

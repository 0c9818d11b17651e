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

import { describe, expect, test } from '@jest/globals';

import { evaluateRatings, mae, meanInterval, rmse } from '../src/index.js';
import { coded, random } from './support.js';

describe('ratings', () => {
  test('errors 1, -2, 0, 2: MAE 5/4, RMSE 3/2', () => {
    const predicted = [4, 1, 3, 5];
    const actual = [3, 3, 3, 3];
    expect(mae(predicted, actual)).toBe(1.25);
    expect(rmse(predicted, actual)).toBe(1.5);
    const result = evaluateRatings({ predicted, actual });
    const squares = meanInterval([1, 4, 0, 4]);
    expect(result.rmse).toEqual({ value: 1.5, low: 0, high: Math.sqrt(squares.high), ratings: 4 });
    expect(squares.low).toBeLessThan(0); // hence the 0
    expect(result.mae).toMatchObject({ value: 1.25, high: meanInterval([1, 2, 0, 2]).high });
  });

  test('clusters of one rating change nothing; clusters of equal ratings count once', () => {
    const uniform = random(30);
    const actual = Array.from({ length: 50 }, () => uniform());
    const predicted = actual.map((value) => value + uniform() - 0.5);
    const plain = evaluateRatings({ predicted, actual });
    const alone = evaluateRatings({ predicted, actual, users: actual.map((_, i) => i) });
    expect(alone.rmse.low).toBeCloseTo(plain.rmse.low, 12);
    expect(alone.mae.high).toBeCloseTo(plain.mae.high, 12);
    const thrice = (x: number[]) => [...x, ...x, ...x];
    const cloned = evaluateRatings({
      predicted: thrice(predicted),
      actual: thrice(actual),
      users: thrice(actual.map((_, i) => i)),
    });
    expect(cloned.mae.low).toBeCloseTo(plain.mae.low, 12);
    expect(cloned.rmse.ratings).toBe(150);
  });

  test('with users whose errors resemble each other, only the clustered interval covers 95%', () => {
    const uniform = random(31);
    let clustered = 0;
    let plain = 0;
    for (let round = 0; round < 250; round++) {
      const errors: number[] = [];
      const users: number[] = [];
      for (let user = 0; user < 50; user++) {
        const own = uniform();
        for (let i = 0; i < 8; i++) {
          errors.push(own + uniform());
          users.push(user);
        }
      }
      const actual = errors.map(() => 0);
      const a = evaluateRatings({ predicted: errors, actual, users }).mae;
      const b = evaluateRatings({ predicted: errors, actual }).mae;
      if (a.low <= 1 && 1 <= a.high) clustered++;
      if (b.low <= 1 && 1 <= b.high) plain++;
    }
    expect(Math.abs(clustered / 250 - 0.95)).toBeLessThan(0.045);
    expect(plain / 250).toBeLessThan(0.8);
  });

  test('bad input', () => {
    expect(() => rmse([], [])).toThrow(coded('NO_RATINGS'));
    expect(() => mae([1], [1, 2])).toThrow(coded('SHAPE_MISMATCH'));
    expect(() => mae([NaN], [1])).toThrow(coded('NON_FINITE_VALUE'));
    expect(() => evaluateRatings({ predicted: [1], actual: [1], users: [] })).toThrow(
      coded('SHAPE_MISMATCH'),
    );
    expect(() => evaluateRatings({ predicted: [1, 2], actual: [1, 2], level: 95 })).toThrow(
      coded('BAD_OPTION'),
    );
  });
});

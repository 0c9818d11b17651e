import { describe, expect, test } from '@jest/globals';

import { evaluateRatings, mae, meanInterval, pairedTTest, rmse, type RatingEstimate } from '../src/index.js';
import { coded, random } from './support.js';

const holds = ({ low, high }: RatingEstimate, truth: number) => low! <= truth && truth <= high!;

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
    expect(alone.rmse.low).toBeCloseTo(plain.rmse.low!, 12);
    expect(alone.mae.high).toBeCloseTo(plain.mae.high!, 12);
    const thrice = (x: number[]) => [...x, ...x, ...x];
    const cloned = evaluateRatings({
      predicted: thrice(predicted),
      actual: thrice(actual),
      users: thrice(actual.map((_, i) => i)),
    });
    expect(cloned.mae.low).toBeCloseTo(plain.mae.low!, 12);
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
      if (holds(a, 1)) clustered++;
      if (holds(b, 1)) plain++;
    }
    expect(Math.abs(clustered / 250 - 0.95)).toBeLessThan(0.045);
    expect(plain / 250).toBeLessThan(0.8);
  });

  test('-1 is a user of its own each time', () => {
    const uniform = random(32);
    const actual = Array.from({ length: 40 }, () => uniform());
    const predicted = actual.map((value) => value + uniform() - 0.5);
    const users = actual.map((_, i) => (i % 3 === 0 ? i % 5 : -1));
    const named = users.map((user, i) => (user === -1 ? 1000 + i : user));
    const [nobody, somebody] = [users, named].map((users) => evaluateRatings({ predicted, actual, users }));
    for (const key of ['rmse', 'mae'] as const) {
      expect(nobody[key].low).toBeCloseTo(somebody[key].low!, 12);
      expect(nobody[key].high).toBeCloseTo(somebody[key].high!, 12);
    }
  });

  test('of a single user, or a single rating: a value without an interval', () => {
    const none = { low: null, high: null };
    const one = evaluateRatings({ predicted: [4, 1], actual: [3, 3], users: [7, 7] });
    expect(one.rmse).toEqual({ value: Math.sqrt(2.5), ...none, ratings: 2 });
    expect(one.mae).toEqual({ value: 1.5, ...none, ratings: 2 });
    for (const users of [undefined, [-1], [3]])
      expect(evaluateRatings({ predicted: [4], actual: [3], users }).rmse).toEqual({
        value: 1,
        ...none,
        ratings: 1,
      });
  });

  describe('five rows in six are of anonymous users', () => {
    // With 400 rounds a share of .95 lies within +- .03 with probability .994.
    const ROUNDS = 400;
    const [NAMED, EACH, ANONYMOUS] = [40, 5, 1000];
    const users = Array.from({ length: NAMED * EACH + ANONYMOUS }, (_, row) =>
      row < NAMED * EACH ? Math.floor(row / EACH) : -1,
    );
    const oneNobody = users.map((user) => (user === -1 ? NAMED : user));
    /** Errors with a part of the user's own, uniform in [0, 2) with mean 1; their squares have mean 7 / 6. */
    const errorsOf = (uniform: () => number) => {
      const own = Array.from({ length: NAMED }, uniform);
      return users.map((user) => (user === -1 ? uniform() : own[user]) + uniform());
    };

    test('the intervals of MAE and RMSE cover 95%, and less with all of them as one user', () => {
      const uniform = random(33);
      let [mean, root, joined] = [0, 0, 0];
      for (let round = 0; round < ROUNDS; round++) {
        const predicted = errorsOf(uniform);
        const actual = predicted.map(() => 0);
        const estimates = evaluateRatings({ predicted, actual, users });
        if (holds(estimates.mae, 1)) mean++;
        if (holds(estimates.rmse, Math.sqrt(7 / 6))) root++;
        if (holds(evaluateRatings({ predicted, actual, users: oneNobody }).mae, 1)) joined++;
      }
      expect(Math.abs(mean / ROUNDS - 0.95)).toBeLessThan(0.03);
      expect(Math.abs(root / ROUNDS - 0.95)).toBeLessThan(0.03);
      expect(joined / ROUNDS).toBeLessThan(0.9);
    });

    test('the paired test of equal models rejects 5%, and more without clusters', () => {
      const uniform = random(34);
      let [clustered, plain] = [0, 0];
      for (let round = 0; round < ROUNDS; round++) {
        const [a, b] = [errorsOf(uniform), errorsOf(uniform)];
        if (pairedTTest(a, b, { clusters: users }).p <= 0.05) clustered++;
        if (pairedTTest(a, b).p <= 0.05) plain++;
      }
      expect(Math.abs(clustered / ROUNDS - 0.05)).toBeLessThan(0.03);
      expect(plain).toBeGreaterThan(clustered);
    });
  });

  test('bad input', () => {
    expect(() => rmse([], [])).toThrow(coded('NO_RATINGS'));
    expect(() => mae([1], [1, 2])).toThrow(coded('SHAPE_MISMATCH'));
    expect(() => mae([NaN], [1])).toThrow(coded('NON_FINITE_VALUE'));
    expect(() => evaluateRatings({ predicted: [1], actual: [1], users: [] })).toThrow(
      coded('SHAPE_MISMATCH'),
    );
    expect(() => evaluateRatings({ predicted: [1], actual: [1], users: [NaN] })).toThrow(
      coded('NON_FINITE_VALUE'),
    );
    expect(() => evaluateRatings({ predicted: [1, 2], actual: [1, 2], level: 95 })).toThrow(
      coded('BAD_OPTION'),
    );
  });
});

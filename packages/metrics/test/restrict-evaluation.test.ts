import { expect, test } from '@jest/globals';

import { compareEvaluations, evaluateFullRanking, restrictEvaluation } from '../src/index.js';
import { below, coded, random } from './support.js';

const ITEMS = 12;
const USERS = 60;
const uniform = random(3);
const targets = Int32Array.from({ length: USERS }, () => below(uniform, ITEMS));
const scores = () => Array.from({ length: USERS }, () => Float32Array.from({ length: ITEMS }, uniform));
const histories = { indptr: new Int32Array(USERS + 1), indices: new Int32Array(0) };
const evaluate = (rows: Float32Array[], users?: Int32Array) =>
  evaluateFullRanking({
    items: ITEMS,
    histories,
    targets,
    users,
    scorer: (batch, out) => batch.forEach((user, place) => out.set(rows[user], place * ITEMS)),
    metrics: ['hr@3', 'ndcg@3'],
  });
const isRare = (user: number) => targets[user] < 4;

test('a part is what an evaluation of these users alone gives, also when two are compared', async () => {
  const [first, second] = [scores(), scores()];
  const users = Int32Array.from({ length: USERS }, (_, user) => user).filter(isRare);
  const [a, b] = [await evaluate(first), await evaluate(second)];
  const [alone, other] = [await evaluate(first, users), await evaluate(second, users)];
  const part = restrictEvaluation(a, isRare);
  expect(part.users).toEqual(alone.users);
  expect(part.metrics).toEqual(alone.metrics);
  expect(part.perUser).toEqual(alone.perUser);
  expect(part.metrics['hr@3'].users).toBeLessThan(USERS);
  expect(compareEvaluations(part, restrictEvaluation(b, isRare))).toEqual(compareEvaluations(alone, other));
});

test('a part of one user is compared too: nothing can be said, and nothing is thrown', async () => {
  const [a, b] = [await evaluate(scores()), await evaluate(scores())];
  const only = (user: number) => user === 5;
  const [part, other] = [restrictEvaluation(a, only), restrictEvaluation(b, only)];
  expect(part.metrics['ndcg@3']).toMatchObject({ users: 1 });
  const { 'hr@3': hits, 'ndcg@3': gain } = compareEvaluations(part, other);
  for (const { users, p } of [hits, gain]) {
    expect(users).toBe(1);
    expect(p).toBeGreaterThanOrEqual(0.5);
    expect(p).toBeLessThanOrEqual(1);
  }
  expect(hits.difference).toBe(a.perUser['hr@3'][5] - b.perUser['hr@3'][5]);
});

test('nobody is an error', async () => {
  const evaluation = await evaluate(scores());
  expect(() => restrictEvaluation(evaluation, () => false)).toThrow(coded('NO_USERS'));
});

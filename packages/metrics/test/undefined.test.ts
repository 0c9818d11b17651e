import { describe, expect, test } from '@jest/globals';

import {
  compareEvaluations,
  evaluateFullRanking,
  evaluateSampled,
  restrictEvaluation,
  type Scorer,
} from '../src/index.js';
import { coded } from './support.js';

// User 0 has all items but the target; users 1 and 2 have one item each.
const histories = { indptr: Int32Array.of(0, 3, 4, 5), indices: Int32Array.of(0, 1, 2, 0, 3) };
const targets = Int32Array.of(3, 1, 0);
const byItem: Scorer = (users, out) => users.forEach((_, row) => out.set([4, 3, 2, 1], row * 4));
const reversed: Scorer = (users, out) => users.forEach((_, row) => out.set([1, 2, 3, 4], row * 4));
const common = { items: 4, histories, targets, metrics: ['hr@1', 'auc'] as const };

describe('a user who has everything', () => {
  test('is left out of AUC alone, and counted', async () => {
    const { metrics, perUser, leftOut } = await evaluateFullRanking({ ...common, scorer: byItem });
    // Users 1 and 2: the target is the first of three that are left.
    expect(metrics.auc).toMatchObject({ value: 1, users: 2, undefinedFor: 1 });
    expect([...perUser.auc]).toEqual([NaN, 1, 1]);
    expect(metrics['hr@1']).toMatchObject({ value: 1, users: 3 });
    expect(metrics['hr@1']).not.toHaveProperty('undefinedFor');
    expect(leftOut).toEqual({ repeat: 0, newItem: 0, unknownUser: 0, unknownItem: 0, noTarget: 0 });
  });

  test('is left out of a sampled AUC, of parts and of comparisons too', async () => {
    const sampled = await evaluateSampled({ ...common, scorer: byItem, negatives: 2 });
    expect(sampled.metrics.auc).toMatchObject({ users: 2, undefinedFor: 1 });

    const a = await evaluateFullRanking({ ...common, scorer: byItem });
    const b = await evaluateFullRanking({ ...common, scorer: reversed });
    // User 1: items 1, 2, 3 are left, the target is last of them for b; user 2: items 0, 1, 2, the same.
    expect(compareEvaluations(a, b).auc).toMatchObject({ difference: 1, users: 2 });
    const part = restrictEvaluation(a, (user) => user < 2);
    expect(part.metrics.auc).toMatchObject({ value: 1, users: 1, undefinedFor: 1 });
    const alone = restrictEvaluation(a, (user) => user === 0);
    expect(alone.metrics.auc).toEqual({ value: NaN, low: 0, high: 1, users: 0, undefinedFor: 1 });
    const other = restrictEvaluation(b, (user) => user === 0);
    expect(compareEvaluations(alone, other).auc).toMatchObject({ p: 1, low: null, users: 0 });
  });

  test('alone leaves nothing to report', async () => {
    await expect(evaluateFullRanking({ ...common, users: [0], scorer: byItem })).rejects.toEqual(
      coded('NO_NEGATIVES'),
    );
  });
});

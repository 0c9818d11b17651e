import { describe, expect, test } from '@jest/globals';

import {
  evaluateFullRanking,
  evaluateSampled,
  type CsrRows,
  type MetricKey,
  type Repeats,
  type Scorer,
} from '../src/index.js';
import { below, coded, random } from './support.js';

const MODES: Repeats[] = ['exclude', 'allow', 'only'];
const METRICS: MetricKey[] = ['hr@3', 'recall@3', 'recall@99', 'mrr', 'ndcg', 'auc'];

interface World {
  readonly items: number;
  readonly histories: number[][];
  readonly targets: number[][];
  readonly scores: number[][];
}

/** Users whose targets repeat the history as often as not, with repeats in both, unknown items and ties everywhere. */
function world(seed: number): World {
  const uniform = random(seed);
  const items = 3 + below(uniform, 12);
  const users = 1 + below(uniform, 12);
  const list = (most: number) =>
    Array.from({ length: below(uniform, most) }, () => below(uniform, items + 1) - 1);
  return {
    items,
    histories: Array.from({ length: users }, () => list(8)),
    targets: Array.from({ length: users }, () => list(6)),
    scores: Array.from({ length: users }, () => Array.from({ length: items }, () => below(uniform, 5) - 2)),
  };
}

const csr = (rows: readonly (readonly number[])[]): CsrRows => {
  const ends = [0];
  for (const row of rows) ends.push(ends.at(-1)! + row.length);
  return { indptr: Int32Array.from(ends), indices: Int32Array.from(rows.flat()) };
};

const scorerOf =
  ({ scores, items }: World): Scorer =>
  (users, out) =>
    users.forEach((user, row) => out.set(scores[user], row * items));

/** The rules spelled out, user by user. */
function oracle({ items, histories, targets, scores }: World, repeats: Repeats, misses: boolean) {
  const leftOut = { repeat: 0, newItem: 0, unknownUser: 0, unknownItem: 0, noTarget: 0 };
  const leftOutTargets = { repeat: 0, newItem: 0 };
  const kept: { user: number; ranks: number[]; list: number[]; missed: number }[] = [];
  targets.forEach((own, user) => {
    const had = new Set(histories[user].filter((item) => item >= 0));
    const known = [...new Set(own)].filter((item) => item >= 0);
    const isRanked = (item: number) => repeats === 'allow' || had.has(item) === (repeats === 'only');
    const ranked = known.filter(isRanked);
    const unknown = misses ? own.filter((item) => item < 0).length : 0;
    const missed = repeats === 'only' ? 0 : unknown;
    const dropped = known.length - ranked.length + unknown - missed;
    if (repeats === 'only') leftOutTargets.newItem += dropped;
    else leftOutTargets.repeat += dropped;
    if (ranked.length + missed === 0) {
      if (own.length === 0) leftOut.noTarget++;
      else if (dropped > 0) leftOut[repeats === 'only' ? 'newItem' : 'repeat']++;
      else leftOut.unknownItem++;
      return;
    }
    const list = Array.from({ length: items }, (_, item) => item)
      .filter(isRanked)
      .sort(
        (a, b) =>
          scores[user][b] - scores[user][a] ||
          Number(ranked.includes(a)) - Number(ranked.includes(b)) ||
          a - b,
      );
    const ranks = ranked.map((item) => list.indexOf(item) + 1).sort((a, b) => a - b);
    kept.push({ user, ranks, list, missed });
  });
  return { leftOut, leftOutTargets, kept };
}

describe.each(MODES)('repeats: %s', (repeats) => {
  test('ranks, lists, metrics and counts are those of a full sort, for 400 small worlds', async () => {
    let evaluated = 0;
    for (let seed = 0; seed < 400; seed++) {
      const given = world(seed);
      const misses = seed % 2 === 1;
      const { leftOut, leftOutTargets, kept } = oracle(given, repeats, misses);
      const common = {
        items: given.items,
        histories: csr(given.histories),
        targets: csr(given.targets),
        scorer: scorerOf(given),
        repeats,
        unknownItems: misses ? ('miss' as const) : ('leave-out' as const),
      };
      if (kept.length === 0) {
        await expect(evaluateFullRanking(common)).rejects.toMatchObject({
          code: 'NO_USERS',
          details: leftOut,
        });
        continue;
      }
      evaluated++;
      const found = await evaluateFullRanking({ ...common, metrics: [], lists: 4 });
      expect(found.leftOut).toEqual(leftOut);
      expect(found.leftOutTargets).toEqual(leftOutTargets);
      expect([...found.users]).toEqual(kept.map(({ user }) => user));
      expect([...found.candidates]).toEqual(kept.map(({ list }) => list.length));
      expect([...found.relevant]).toEqual(kept.map(({ ranks, missed }) => ranks.length + missed));
      // Somebody must have an item beside the targets, or there is no AUC.
      const hasOthers = kept.some(({ ranks, list }) => list.length > ranks.length);
      const names = METRICS.filter((name) => name !== 'auc' || hasOthers);
      const { metrics, perUser } = await evaluateFullRanking({ ...common, metrics: names });
      kept.forEach(({ ranks, list, missed }, place) => {
        const [from, to] = [found.indptr[place], found.indptr[place + 1]];
        expect([...found.ranks.subarray(from, to)]).toEqual(ranks);
        const first = [...list, -1, -1, -1, -1].slice(0, 4);
        expect([...found.lists!.subarray(place * 4, place * 4 + 4)]).toEqual(first);
        const hits = ranks.filter((rank) => rank <= 3).length;
        expect(perUser['hr@3'][place]).toBe(hits > 0 ? 1 : 0);
        const relevant = ranks.length + missed;
        expect(perUser['recall@3'][place]).toBeCloseTo(hits / relevant, 12);
        expect(perUser['recall@99'][place]).toBeCloseTo(ranks.length / relevant, 12);
        expect(perUser.mrr[place]).toBeCloseTo(ranks.length > 0 ? 1 / ranks[0] : 0, 12);
        const gain = (all: number[]) => all.reduce((sum, rank) => sum + 1 / Math.log2(rank + 1), 0);
        const ideal = gain(Array.from({ length: relevant }, (_, i) => i + 1));
        expect(perUser.ndcg[place]).toBeCloseTo(gain(ranks) / ideal, 12);
        const others = list.length - ranks.length;
        const below = ranks.reduce((sum, rank, i) => sum + others - (rank - i - 1), 0);
        if (hasOthers && others > 0) expect(perUser.auc[place]).toBeCloseTo(below / (others * relevant), 12);
      });
      const firsts = kept.map(({ ranks }) => (ranks.length > 0 ? 1 / ranks[0] : 0));
      const mean = firsts.reduce((sum, one) => sum + one, 0) / kept.length;
      expect(metrics.mrr.value).toBeCloseTo(mean, 12);
      const sampled = await evaluateSampled({ ...common, metrics: ['mrr'], negatives: 1000 });
      expect(sampled.metrics.mrr).toEqual(metrics.mrr);
      expect(sampled.leftOutTargets).toEqual(leftOutTargets);
    }
    expect(evaluated).toBeGreaterThan(200);
  });

  test('a score that is not finite is an error wherever it is', async () => {
    const scorer: Scorer = (_users, out) => void (out.fill(1)[2] = NaN);
    const histories = csr([[0, 1]]);
    await expect(
      evaluateFullRanking({
        ...{ items: 4, histories, scorer, repeats },
        targets: csr([[repeats === 'exclude' ? 3 : 1]]),
      }),
    ).rejects.toMatchObject({ code: 'NON_FINITE_SCORE', details: { user: 0, item: 2 } });
  });

  test('few sampled negatives are ranked items', async () => {
    const items = 40;
    const histories = csr([Array.from({ length: 20 }, (_, item) => item)]);
    const target = repeats === 'exclude' ? 30 : 5;
    // Items that are not ranked score above the target, all others below: a rank of 1 shows that none of them was drawn.
    const isRanked = (item: number) => repeats === 'allow' || item < 20 === (repeats === 'only');
    const scorer: Scorer = (_users, out) =>
      out.forEach((_, item) => (out[item] = item === target ? 1 : isRanked(item) ? 0 : 2));
    for (let seed = 0; seed < 20; seed++) {
      const { ranks, candidates } = await evaluateSampled({
        ...{ items, histories, scorer, repeats, seed },
        targets: Int32Array.of(target),
        negatives: 3,
      });
      expect([...ranks, ...candidates]).toEqual([1, 4]);
    }
  });
});

test('exclude is the default; another value is refused', async () => {
  const given = world(3);
  const common = {
    items: given.items,
    histories: csr(given.histories),
    targets: csr(given.targets),
    scorer: scorerOf(given),
  };
  expect(await evaluateFullRanking(common)).toEqual(
    await evaluateFullRanking({ ...common, repeats: 'exclude' }),
  );
  const wrong = { ...common, repeats: 'both' as Repeats };
  await expect(evaluateFullRanking(wrong)).rejects.toThrow(coded('BAD_OPTION'));
  await expect(evaluateSampled(wrong)).rejects.toThrow(coded('BAD_OPTION'));
  const unknown = { ...common, unknownItems: 'ignore' as 'miss' };
  await expect(evaluateFullRanking(unknown)).rejects.toThrow(coded('BAD_OPTION'));
});

import { describe, expect, test } from '@jest/globals';

import {
  averagePrecision,
  auc,
  cappedRecall,
  type CsrRows,
  evaluateFullRanking,
  type EvaluationProgress,
  hitRate,
  meanInterval,
  type MetricKey,
  ndcg,
  precision,
  recall,
  reciprocalRank,
  type Scorer,
  wilsonInterval,
} from '../src/index.js';
import { countAtLeast } from '../src/evaluation/count-at-least.js';
import { below, coded, random } from './support.js';

const csr = (rows: readonly (readonly number[])[]): CsrRows => ({
  indptr: Int32Array.from([
    0,
    ...rows.map(
      (
        (total) => (row) =>
          (total += row.length)
      )(0),
    ),
  ]),
  indices: Int32Array.from(rows.flat()),
});

/** A scorer that reads a table of scores. */
const table =
  (rows: readonly (readonly number[])[]): Scorer =>
  (users, out) =>
    users.forEach((user, i) => out.set(rows[user], i * rows[user].length));

const constant: Scorer = (_users, out) => void out.fill(0.5);

/** Every item but the history, best first, relevant items last among equals: the rule spelled out. */
function sorted(scores: readonly number[], history: readonly number[], targets: readonly number[]): number[] {
  return scores
    .map((_, item) => item)
    .filter((item) => !history.includes(item))
    .sort(
      (a, b) => scores[b] - scores[a] || Number(targets.includes(a)) - Number(targets.includes(b)) || a - b,
    );
}

const ALL: MetricKey[] = [
  'hr@1',
  'hr@5',
  'ndcg@5',
  'ndcg',
  'recall@3',
  'cappedRecall@3',
  'precision@4',
  'mrr@5',
  'mrr',
  'map@5',
  'map',
  'auc',
];

function oracle(scores: readonly number[], history: readonly number[], targets: readonly number[]): number[] {
  const list = sorted(scores, history, targets);
  const positives = targets.map((item) => scores[item]);
  const negatives = list.filter((item) => !targets.includes(item)).map((item) => scores[item]);
  return [
    hitRate(list, targets, 1),
    hitRate(list, targets, 5),
    ndcg(list, targets, 5),
    ndcg(list, targets),
    recall(list, targets, 3),
    cappedRecall(list, targets, 3),
    precision(list, targets, 4),
    reciprocalRank(list, targets, 5),
    reciprocalRank(list, targets),
    averagePrecision(list, targets, 5),
    averagePrecision(list, targets),
    auc(positives, negatives),
  ];
}

/** Users with repeated histories, one or several targets (some repeated), and scores full of ties. */
function world(seed: number, users: number, items: number, mostTargets: number) {
  const uniform = random(seed);
  const histories: number[][] = [];
  const targets: number[][] = [];
  const scores: number[][] = [];
  for (let user = 0; user < users; user++) {
    histories.push(Array.from({ length: below(uniform, 8) }, () => below(uniform, items)));
    const fresh = Array.from({ length: items }, (_, item) => item)
      .filter((item) => !histories[user].includes(item))
      .sort(() => uniform() - 0.5);
    targets.push(fresh.slice(0, 1 + below(uniform, mostTargets)));
    scores.push(Array.from({ length: items }, () => (below(uniform, 9) - 4) / 4));
  }
  return { histories, targets, scores };
}

describe('against a full sort, with ties', () => {
  test.each([
    ['one target', 1, 23],
    ['several targets', 6, 22],
  ])('%s: every metric, per user and in the mean', async (_name, mostTargets, items) => {
    const { histories, targets, scores } = world(40 + mostTargets, 200, items, mostTargets);
    for (const batchSize of [1, 7, undefined]) {
      const result = await evaluateFullRanking({
        items,
        histories: csr(histories),
        targets: csr(targets),
        scorer: table(scores),
        metrics: ALL,
        lists: 5,
        batchSize,
      });
      expect([...result.users]).toEqual(scores.map((_, user) => user));
      const expected = scores.map((row, user) => oracle(row, histories[user], targets[user]));
      ALL.forEach((key, m) => {
        expected.forEach((values, user) => expect(result.perUser[key][user]).toBeCloseTo(values[m], 12));
        const mean = expected.reduce((sum, values) => sum + values[m], 0) / expected.length;
        expect(result.metrics[key].value).toBeCloseTo(mean, 12);
        expect(result.metrics[key].users).toBe(200);
      });
      scores.forEach((row, user) => {
        const list = sorted(row, histories[user], targets[user]);
        const ranks = targets[user].map((item) => list.indexOf(item) + 1).sort((a, b) => a - b);
        expect([...result.ranks.subarray(result.indptr[user], result.indptr[user + 1])]).toEqual(ranks);
        expect(result.relevant[user]).toBe(targets[user].length);
        expect(result.candidates[user]).toBe(list.length);
        expect([...result.lists!.subarray(user * 5, user * 5 + 5)]).toEqual(list.slice(0, 5));
      });
    }
  });

  test('ranks below the deepest cutoff may be missing, the metrics are the same', async () => {
    const { histories, targets, scores } = world(50, 200, 22, 6);
    const common = { items: 22, histories: csr(histories), targets: csr(targets), scorer: table(scores) };
    const all = await evaluateFullRanking({ ...common, metrics: ALL });
    const cut = await evaluateFullRanking({ ...common, metrics: ['recall@3', 'map@5', 'ndcg@5'] });
    expect(cut.ranks.length).toBeLessThan(all.ranks.length);
    for (const key of ['recall@3', 'map@5', 'ndcg@5'] as const) {
      expect(cut.perUser[key]).toEqual(all.perUser[key]);
      expect(cut.metrics[key]).toEqual(all.metrics[key]);
    }
    const none = await evaluateFullRanking({ ...common, metrics: [] });
    expect(none.ranks).toEqual(all.ranks);
  });
});

describe('the rules', () => {
  test('a constant scorer gets the worst rank everywhere', async () => {
    const { histories, targets } = world(41, 50, 30, 1);
    const single = await evaluateFullRanking({
      items: 30,
      histories: csr(histories),
      targets: Int32Array.from(targets.flat()),
      scorer: constant,
      metrics: ['hr@10', 'auc', 'mrr'],
      lists: 10,
    });
    expect(single.ranks).toEqual(single.candidates);
    expect(single.metrics['hr@10'].value).toBe(0);
    expect(single.metrics.auc.value).toBe(0);
    for (let user = 0; user < 50; user++)
      expect([...single.lists!.subarray(user * 10, user * 10 + 10)]).not.toContain(targets[user][0]);
    const several = await evaluateFullRanking({
      items: 30,
      histories: csr([[0, 1]]),
      targets: csr([[5, 7, 9]]),
      scorer: constant,
      metrics: ['auc'],
    });
    expect([...several.ranks]).toEqual([26, 27, 28]);
  });

  test('0 and -0 are a tie', async () => {
    const { ranks } = await evaluateFullRanking({
      items: 3,
      histories: csr([[]]),
      targets: Int32Array.of(0),
      scorer: table([[0, -0, -1]]),
    });
    expect([...ranks]).toEqual([2]);
  });

  test('an item repeated in the history is removed once', async () => {
    const { ranks, candidates } = await evaluateFullRanking({
      items: 4,
      histories: csr([[1, 1, 1, -1]]),
      targets: Int32Array.of(0),
      scorer: table([[1, 9, 8, 7]]),
    });
    expect([...ranks, ...candidates]).toEqual([3, 3]);
  });

  test('who is left out, and why; single targets are dropped quietly', async () => {
    const result = await evaluateFullRanking({
      items: 5,
      histories: csr([[0], [1], [2], [3], [], [4]]),
      targets: csr([[1], [1], [-1], [], [-1, 2, 2], [4, 0, -1]]),
      users: [5, -1, 0, 1, 2, 3, 4, -1],
      scorer: constant,
    });
    expect(result.leftOut).toEqual({ repeat: 1, newItem: 0, unknownUser: 2, unknownItem: 1, noTarget: 1 });
    expect([...result.users]).toEqual([5, 0, 4]);
    expect([...result.relevant]).toEqual([1, 1, 1]);
    expect([...result.candidates]).toEqual([4, 4, 5]);
  });

  test('an item that no history holds stays a target', async () => {
    const { ranks } = await evaluateFullRanking({
      items: 3,
      histories: csr([[0], [0]]),
      targets: Int32Array.of(2, 1),
      scorer: table([
        [3, 2, 1],
        [3, 2, 1],
      ]),
    });
    expect([...ranks]).toEqual([2, 1]);
  });

  test('default metrics and their intervals: Wilson for hits, Student for NDCG', async () => {
    const { histories, targets, scores } = world(42, 100, 40, 1);
    const { metrics, perUser } = await evaluateFullRanking({
      items: 40,
      histories: csr(histories),
      targets: csr(targets),
      scorer: table(scores),
    });
    expect(Object.keys(metrics)).toEqual(['hr@10', 'ndcg@10', 'hr@20']);
    const hits = perUser['hr@10'].reduce((a, b) => a + b);
    expect(metrics['hr@10']).toEqual({ ...wilsonInterval(hits, 100), users: 100 });
    expect(metrics['ndcg@10']).toEqual({
      ...meanInterval(perUser['ndcg@10'], { bounds: [0, 1] }),
      users: 100,
    });
  });

  test('lists shorter than asked for end in -1', async () => {
    const { lists } = await evaluateFullRanking({
      items: 4,
      histories: csr([[1, 2]]),
      targets: Int32Array.of(3),
      scorer: table([[1, 2, 3, 4]]),
      lists: 5,
    });
    expect([...lists!]).toEqual([3, 0, -1, -1, -1]);
  });
});

describe('batches, sample, progress', () => {
  const { histories, targets, scores } = world(43, 60, 25, 2);
  const common = { items: 25, histories: csr(histories), targets: csr(targets) };

  test('one buffer serves all batches; a scorer may be asynchronous; progress counts users', async () => {
    const buffers = new Set<ArrayBufferLike>();
    const events: EvaluationProgress[] = [];
    const asynchronous: Scorer = async (users, out) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      buffers.add(out.buffer);
      expect(out.length).toBe(users.length * 25);
      await table(scores)(users, out);
    };
    const result = await evaluateFullRanking({
      ...common,
      scorer: asynchronous,
      batchSize: 25,
      onProgress: (event) => events.push(event),
    });
    const plain = await evaluateFullRanking({ ...common, scorer: table(scores) });
    expect(result).toEqual(plain);
    expect(buffers.size).toBe(1);
    expect(events.map((event) => event.done)).toEqual([25, 50, 60]);
    expect(events[0]).toEqual({ stage: 'evaluate', done: 25, total: 60, unit: 'users' });
  });

  test('a sample is seeded, in order, drawn from those who can be evaluated', async () => {
    const draw = (seed: number, users = 20) =>
      evaluateFullRanking({ ...common, scorer: table(scores), sample: { users, seed }, metrics: ['mrr'] });
    const first = await draw(1);
    expect(first.users.length).toBe(20);
    expect([...first.users]).toEqual([...first.users].sort((a, b) => a - b));
    expect(await draw(1)).toEqual(first);
    expect((await draw(2)).users).not.toEqual(first.users);
    expect((await draw(1, 1000)).users.length).toBe(60);
    const full = await draw(1, 60);
    first.users.forEach((user, i) => expect(first.perUser.mrr[i]).toBe(full.perUser.mrr[user]));
  });

  test('every user is as likely to be sampled', async () => {
    const times = new Array(60).fill(0);
    for (let seed = 0; seed < 600; seed++) {
      const { users } = await evaluateFullRanking({
        ...common,
        scorer: constant,
        sample: { users: 10, seed },
        metrics: [],
      });
      for (const user of users) times[user]++;
    }
    for (const count of times) expect(Math.abs(count - 100)).toBeLessThan(4.5 * Math.sqrt((100 * 5) / 6));
  });
});

describe('errors', () => {
  const common = {
    items: 4,
    histories: csr([[0], [1]]),
    targets: Int32Array.of(2, 3),
    scorer: constant,
  };

  test.each([NaN, Infinity, -Infinity])('a score of %p names user and item', async (bad) => {
    for (let item = 0; item < 4; item++) {
      const rows = [
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ];
      rows[1][item] = bad;
      await expect(evaluateFullRanking({ ...common, scorer: table(rows) })).rejects.toMatchObject({
        code: 'NON_FINITE_SCORE',
        details: { user: 1, item, score: bad },
      });
    }
  });

  test.each([1, 4, 7])('of %i items, each is looked at', async (items) => {
    for (let item = 0; item < items; item++) {
      const scorer: Scorer = (_users, out) => void (out.fill(1)[item] = NaN);
      await expect(
        evaluateFullRanking({ items, histories: csr([[]]), targets: Int32Array.of(0), scorer }),
      ).rejects.toMatchObject({ code: 'NON_FINITE_SCORE', details: { user: 0, item } });
      expect(
        countAtLeast(new Float32Array(items).fill(0, item).fill(Infinity, item, item + 1), 0, items, 0),
      ).toBe(-1);
    }
  });

  test('infinities that cancel, and a scorer that writes nothing, do not pass', async () => {
    const rows = [
      [Infinity, -Infinity, 3, 4],
      [0, 0, 0, 0],
    ];
    await expect(evaluateFullRanking({ ...common, scorer: table(rows) })).rejects.toThrow(
      coded('NON_FINITE_SCORE'),
    );
    const once: Scorer = (users, out) => void (users[0] === 0 && out.fill(1));
    await expect(evaluateFullRanking({ ...common, scorer: once, batchSize: 1 })).rejects.toMatchObject({
      code: 'NON_FINITE_SCORE',
      details: { user: 1 },
    });
  });

  test('the largest finite scores are finite', () => {
    const most = 3.4028234663852886e38;
    expect(countAtLeast(new Float32Array(9).fill(most), 0, 9, most)).toBe(9);
    expect(countAtLeast(new Float32Array(9).fill(-most), 1, 9, most)).toBe(0);
  });

  test.each<[string, Record<string, unknown>]>([
    ['NO_USERS', { users: [] }],
    ['NO_USERS', { targets: Int32Array.of(0, 1) }],
    ['NO_USERS', { targets: Int32Array.of(-1, -1) }],
    ['BAD_USER', { users: [2] }],
    ['BAD_USER', { users: [-2] }],
    ['BAD_USER', { users: [0.5] }],
    ['DUPLICATE_USER', { users: [0, 1, 0] }],
    ['BAD_ITEM', { targets: Int32Array.of(4, 2) }],
    ['BAD_ITEM', { histories: csr([[0], [-2]]) }],
    ['SHAPE_MISMATCH', { targets: Int32Array.of(2) }],
    ['SHAPE_MISMATCH', { histories: { indptr: Int32Array.of(0, 2), indices: Int32Array.of(1) } }],
    ['SHAPE_MISMATCH', { histories: { indptr: Int32Array.of(0, 2, 1), indices: Int32Array.of(1) } }],
    ['SHAPE_MISMATCH', { histories: { indptr: new Int32Array(0), indices: new Int32Array(0) } }],
    ['BAD_K', { metrics: ['hr@0'] }],
    ['BAD_K', { metrics: ['hr@-1'] }],
    ['BAD_K', { metrics: ['hr@1.5'] }],
    ['BAD_K', { metrics: ['hr@'] }],
    ['BAD_METRIC', { metrics: ['hr'] }],
    ['BAD_METRIC', { metrics: ['auc@10'] }],
    ['BAD_METRIC', { metrics: ['hr@1@2'] }],
    ['BAD_METRIC', { metrics: ['toString@1'] }],
    ['BAD_OPTION', { items: 0 }],
    ['BAD_OPTION', { batchSize: 0 }],
    ['BAD_OPTION', { lists: 0 }],
    ['BAD_OPTION', { level: 0 }],
    ['BAD_OPTION', { sample: { users: 0 } }],
    ['BAD_SEED', { sample: { users: 1, seed: NaN } }],
  ])('%s for %j', async (code, wrong) => {
    await expect(evaluateFullRanking({ ...common, ...wrong })).rejects.toThrow(coded(code));
  });

  test('what a scorer throws comes through', async () => {
    const scorer = () => {
      throw new Error('no model');
    };
    await expect(evaluateFullRanking({ ...common, scorer })).rejects.toThrow('no model');
  });
});

test('where nobody is left, the error says why', async () => {
  const histories = csr([[0], [1], []]);
  const scorer: Scorer = (_users, out) => void out.fill(0);
  const targets = Int32Array.of(0, 1, -1);
  const refused = evaluateFullRanking({ items: 3, histories, targets, scorer });
  await expect(refused).rejects.toThrow(
    /^none of 3 users can be evaluated: 2 have targets of their own history alone, 1 have unknown items alone$/,
  );
  await expect(refused).rejects.toMatchObject({
    code: 'NO_USERS',
    hint: expect.stringContaining('repeats allow'),
  });
});

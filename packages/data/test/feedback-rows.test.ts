import { describe, expect, test } from '@jest/globals';
import { Rng, type CsrMatrix } from '@towerkit/core';

import {
  dislikedOf,
  encodeInteractions,
  feedbackSplit,
  historiesOf,
  lastTargetsOut,
  learningRows,
  takenOf,
  randomParts,
  rowUses,
  temporalParts,
  type FeedbackRules,
  type FeedbackRows,
  type InteractionLog,
  type KindRule,
} from '../src/index.js';

const KINDS: Readonly<Record<string, KindRule>> = {
  view: { weight: 0.25, target: false },
  cart: { weight: 0.5 },
  purchase: {},
  gift: { history: false, weight: 2 },
  hide: { dislike: true },
  return: { exclude: true },
};
const DAY = 86_400;

/** A log of all columns: few users and items, many repeats, ties in time and weights of 0. */
function logOf(seed: number): InteractionLog {
  const rng = new Rng(seed);
  const draw = <T>(one: () => T) => Array.from({ length: 90 }, one);
  const names = Object.keys(KINDS);
  return encodeInteractions({
    user: draw(() => `u${rng.integer(9)}`),
    item: draw(() => `i${rng.integer(12)}`),
    time: draw(() => DAY * rng.integer(30)),
    rating: draw(() => 1 + rng.integer(5)),
    weight: draw(() => rng.integer(4)),
    kind: draw(() => names[rng.integer(names.length)]),
  });
}

/** A set of rules for each seed, some of which lack a part. */
const rulesOf = (seed: number): FeedbackRules => ({
  ...(seed % 4 !== 0 && { kinds: KINDS }),
  ...(seed % 3 !== 0 && { dislikes: { below: 2 } }),
  weights: {
    ...(seed % 2 === 0 && { transform: seed % 5 === 0 ? 'log1p' : 'sqrt' }),
    ...(seed % 3 === 1 && { cap: 2 }),
    ...(seed % 2 === 1 && { halfLife: 7 }),
  },
});

/** What one row is, said the long way. */
interface Row {
  row: number;
  user: number;
  item: number;
  time: number;
  rating: number;
  history: boolean;
  target: boolean;
  taken: boolean;
  dislike: boolean;
  weight: number;
}

function naiveRows(log: InteractionLog, { kinds, dislikes, weights = {} }: FeedbackRules): Row[] {
  return [...log.user.keys()].map((row) => {
    const rule = kinds?.[log.kind!.names[log.kind!.codes[row]]] ?? {};
    const given = Math.min(log.weight![row], weights.cap ?? Infinity);
    const { transform } = weights;
    const moved = transform === 'log1p' ? Math.log(1 + given) : transform === 'sqrt' ? given ** 0.5 : given;
    const weight = moved * (rule.weight ?? 1);
    const isDislike =
      !rule.exclude && (rule.dislike === true || (dislikes && log.rating![row] <= dislikes.below));
    const counts = !rule.exclude && !isDislike;
    const taken = counts && rule.target !== false;
    return {
      ...{ row, user: log.user[row], item: log.item[row], time: log.time![row], rating: log.rating![row] },
      ...{ history: counts && rule.history !== false, target: taken && weight > 0, taken, weight },
      dislike: isDislike === true,
    };
  });
}

const split = (seed: number, log: InteractionLog, rules: FeedbackRules): FeedbackRows => {
  const uses = rowUses(log, rules);
  const part = [
    () => lastTargetsOut(log, uses, 1),
    () => lastTargetsOut(log, uses, 2),
    () => temporalParts(log, { validation: 15 * DAY, test: 22 * DAY }),
    () => randomParts(log, uses, { validation: 0.2, test: 0.1 }, new Rng(seed)),
  ][seed % 4]();
  return { log, ...uses, part };
};

const listsOf = (matrix: CsrMatrix) => Array.from({ length: matrix.rows }, (_, row) => [...matrix.row(row)]);
const byUser = <T>(log: InteractionLog, rows: Row[], of: (row: Row) => T) =>
  log.users.names.map((_, user) => rows.filter((row) => row.user === user).map(of));
/** Items of each user whose last row, of those that take or dislike it, is a dislike. */
const naiveDisliked = (log: InteractionLog, rows: Row[]) =>
  log.users.names.map((_, user) =>
    log.items.names.flatMap((_, item) => {
      const said = rows.filter((row) => row.user === user && row.item === item && (row.dislike || row.taken));
      return said.at(-1)?.dislike ? [item] : [];
    }),
  );
const seeds = Array.from({ length: 60 }, (_, seed) => seed + 1);
const close = (values: ArrayLike<number>, wanted: readonly number[]) => {
  expect(values.length).toBe(wanted.length);
  wanted.forEach((value, place) => expect(values[place]).toBeCloseTo(value, 5));
};

describe.each(seeds)('what becomes of each row, random log %d', (seed) => {
  const log = logOf(seed);
  const rules = rulesOf(seed);
  const rows = split(seed, log, rules);
  const all = naiveRows(log, rules);
  const upTo = (last: number) => all.filter(({ row }) => rows.part[row] <= last);
  const halfLife = rules.weights?.halfLife;

  test.each([0, 1])('histories, examples, weights and dislikes up to part %d', (last) => {
    const those = upTo(last).filter(({ history, target }) => history || target);
    const newest = Math.max(...those.map(({ time }) => time));
    const decayed = those.map(({ weight, time }) =>
      halfLife === undefined ? weight : weight * 0.5 ** ((newest - time) / DAY / halfLife),
    );
    const some = decayed.filter((weight) => weight > 0);
    const mean = some.reduce((a, b) => a + b, 0) / some.length;
    const weights = new Map(those.map(({ row }, place) => [row, decayed[place] / mean]));
    for (const first of [false, true]) {
      const learned = learningRows(rows, { last, halfLife, first });
      expect(listsOf(learned.interactions)).toEqual(byUser(log, those, ({ item }) => item));
      close(learned.interactions.values!, [...weights.values()]);
      const had = those.filter(({ history }) => history);
      expect(listsOf(learned.histories)).toEqual(byUser(log, had, ({ item }) => item));
      close(
        learned.histories.values!,
        had.map(({ rating }) => rating),
      );

      const examples = those
        .filter(({ target }) => target)
        .map((target) => ({
          ...target,
          seen: had.filter(({ user, row }) => user === target.user && row < target.row).length,
        }))
        .filter(({ seen }) => first || seen > 0);
      expect([...learned.examples.rows]).toEqual(examples.map(({ row }) => row));
      expect([...learned.examples.users]).toEqual(examples.map(({ user }) => user));
      expect([...learned.examples.items]).toEqual(examples.map(({ item }) => item));
      expect([...learned.examples.seen]).toEqual(examples.map(({ seen }) => seen));
      close(
        learned.examples.weights!,
        examples.map(({ row }) => weights.get(row)!),
      );
      close(
        learned.examples.ratings!,
        examples.map(({ rating }) => rating),
      );

      expect(listsOf(learned.disliked).map((items) => items.sort((a, b) => a - b))).toEqual(
        naiveDisliked(log, upTo(last)),
      );
    }
  });

  test('targets, and what is known and left out part by part', () => {
    const { train, validation, test: last, rows: places } = feedbackSplit(rows, seed % 4 !== 0);
    const of = (part: number) => all.filter(({ row }) => rows.part[row] === part);
    const learned = of(0).filter(({ history, target }) => history || target);
    expect(listsOf(train)).toEqual(byUser(log, learned, ({ item }) => item));
    expect([...places!.train]).toEqual(learned.map(({ row }) => row));
    for (const [part, matrix] of [validation, last].entries())
      if (matrix) {
        const targets = of(part + 1).filter(({ target }) => target);
        expect(listsOf(matrix)).toEqual(byUser(log, targets, ({ item }) => item));
      }
    for (const part of [0, 1, 2]) {
      const only = (own: number) => own === part;
      const had = of(part).filter(({ history }) => history);
      expect(listsOf(historiesOf(rows, only))).toEqual(byUser(log, had, ({ item }) => item));
      const out = of(part).filter(({ taken }) => taken);
      const distinct = byUser(log, out, ({ item }) => item).map((items) => [...new Set(items)]);
      expect(listsOf(takenOf(rows, only))).toEqual(distinct);
      expect(listsOf(dislikedOf(rows, only)).map((items) => items.sort((a, b) => a - b))).toEqual(
        naiveDisliked(log, of(part)),
      );
    }
  });

  test('parts: of a user the last targets, after some history; by time; of targets alone', () => {
    const own = (user: number) => all.filter((row) => row.user === user);
    if (seed % 4 < 2)
      for (const user of log.users.names.keys()) {
        const held = own(user)
          .filter(({ target }) => target)
          .slice(-1 - (seed % 4));
        const begins = held.length === 1 + (seed % 4) ? held[0].row : Infinity;
        const known = own(user).some(({ history, row }) => history && row < begins);
        for (const { row } of own(user)) {
          const wanted = !known || row < begins ? 0 : held.length === 2 && row >= held[1].row ? 2 : 1;
          expect(rows.part[row]).toBe(wanted);
        }
      }
    else if (seed % 4 === 2)
      for (const { row, time } of all)
        expect(rows.part[row]).toBe(time < 15 * DAY ? 0 : time < 22 * DAY ? 1 : 2);
    else {
      const targets = all.filter(({ target }) => target);
      expect(all.filter(({ target, row }) => !target && rows.part[row] > 0)).toEqual([]);
      expect(targets.filter(({ row }) => rows.part[row] === 1)).toHaveLength(
        Math.round(targets.length * 0.2),
      );
    }
  });
});

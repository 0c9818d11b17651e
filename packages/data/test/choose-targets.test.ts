import { describe, expect, test } from '@jest/globals';
import { CsrMatrix } from '@towerkit/core';
import fc from 'fast-check';

import {
  chooseTargets,
  encodeInteractions,
  lastTargetsOut,
  learningRows,
  rowUses,
  type TargetRule,
} from '../src/index.js';

const DAY = 86_400;
const ITEMS = 6;

interface Target {
  readonly user: number;
  readonly item: number;
  readonly seen: number;
  readonly time: number;
}

/** Whether a period that is counted back from the last time holds both; a period has its end, and not its beginning. */
function shareAPeriod(one: number, other: number, last: number, days: number): boolean {
  if (days === 0) return one === other;
  let end = last;
  while (Math.max(one, other) <= end - days * DAY) end -= days * DAY;
  return Math.min(one, other) > end - days * DAY;
}

/** What the docstring says, target by target. */
function naive(
  targets: readonly Target[],
  histories: readonly number[][],
  { horizon, repeats = true }: TargetRule,
) {
  const last = targets.reduce((latest, { time }) => Math.max(latest, time), -Infinity);
  const places: number[] = [];
  const seen: number[] = [];
  targets.forEach((target, place) => {
    if (!repeats && histories[target.user].slice(0, target.seen).includes(target.item)) return;
    const first =
      horizon === undefined
        ? target
        : targets.find(
            ({ user, time }) => user === target.user && shareAPeriod(time, target.time, last, horizon),
          )!;
    places.push(place);
    seen.push(first.seen);
  });
  return { places, seen };
}

/** Rows of some users: each is a target, enters the history, or both, some time after the one before. */
const row = fc.record({
  item: fc.nat(ITEMS - 1),
  use: fc.constantFrom('both', 'both', 'target', 'history'),
  after: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 3 }).map((days) => days * DAY),
    fc.nat(4 * DAY),
  ),
});
const sets = fc.array(fc.record({ start: fc.nat(20 * DAY), rows: fc.array(row, { maxLength: 12 }) }), {
  minLength: 1,
  maxLength: 5,
});
type Rows = typeof sets extends fc.Arbitrary<infer T> ? T : never;

function targetsOf(set: Rows): { targets: Target[]; histories: number[][] } {
  const targets: Target[] = [];
  const histories = set.map(({ start, rows }, user) => {
    const history: number[] = [];
    let time = start;
    for (const { item, use, after } of rows) {
      time += after;
      if (use !== 'history') targets.push({ user, item, seen: history.length, time });
      if (use !== 'target') history.push(item);
    }
    return history;
  });
  return { targets, histories };
}

const columnsOf = (targets: readonly Target[]) => ({
  users: Int32Array.from(targets, ({ user }) => user),
  items: Int32Array.from(targets, ({ item }) => item),
  seen: Int32Array.from(targets, ({ seen }) => seen),
});

const rules = fc.record({
  horizon: fc.constantFrom(undefined, 0, 0.25, 1, 3, 7, 1000),
  repeats: fc.constantFrom(undefined, true, false),
});

function chosenOf(targets: readonly Target[], histories: readonly number[][], rule: TargetRule) {
  const times = targets.map(({ time }) => time);
  return chooseTargets(columnsOf(targets), CsrMatrix.fromRows(histories, ITEMS), rule, times);
}

describe('chooseTargets', () => {
  test('is what the docstring says, for any targets, histories and times', () => {
    fc.assert(
      fc.property(sets, rules, (set, rule) => {
        const { targets, histories } = targetsOf(set);
        const { places, seen } = chosenOf(targets, histories, rule);
        expect({ places: [...places], seen: [...seen] }).toEqual(naive(targets, histories, rule));
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  test('what is known grows with the places of a user, and is never more than before', () => {
    fc.assert(
      fc.property(sets, rules, (set, rule) => {
        const { targets, histories } = targetsOf(set);
        const { places, seen } = chosenOf(targets, histories, rule);
        places.forEach((place, at) => {
          expect(seen[at]).toBeLessThanOrEqual(targets[place].seen);
          if (at === 0) return;
          expect(place).toBeGreaterThan(places[at - 1]);
          if (targets[places[at - 1]].user === targets[place].user)
            expect(seen[at]).toBeGreaterThanOrEqual(seen[at - 1]);
        });
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  test('a period ends at the last time of all, and its first second is of the one before', () => {
    const times = [2, 3, 9, 10, 11, 17].map((days) => days * DAY);
    const targets = times.map((time, place) => ({ user: 0, item: place, seen: place, time }));
    const { seen } = chosenOf(targets, [[0, 1, 2, 3, 4, 5]], { horizon: 7 });
    // (10, 17], (3, 10] and (-4, 3].
    expect([...seen]).toEqual([0, 0, 2, 2, 4, 4]);
  });

  test('without a rule every target sees all before it, times or not', () => {
    const { users, items, seen } = columnsOf([
      { user: 0, item: 1, seen: 1, time: NaN },
      { user: 0, item: 1, seen: 2, time: NaN },
    ]);
    const histories = CsrMatrix.fromRows([[1, 1]], ITEMS);
    const all = { places: Int32Array.of(0, 1), seen: Int32Array.of(1, 2) };
    expect(chooseTargets({ users, items, seen }, histories, {})).toEqual(all);
    expect(chooseTargets({ users, items, seen }, histories, {}, [NaN, NaN])).toEqual(all);
  });

  test('rows of a basket do not see each other, with those that learningRows gives', () => {
    const log = encodeInteractions({
      user: ['ann', 'ann', 'ann', 'ann', 'ann', 'bo'],
      item: ['milk', 'bread', 'milk', 'eggs', 'jam', 'milk'],
      time: [0, 0, DAY, DAY, 2 * DAY, DAY],
    });
    const uses = rowUses(log, {});
    const { examples, histories } = learningRows(
      { log, ...uses, part: lastTargetsOut(log, uses, 1) },
      { first: true },
    );
    const times = Float64Array.from(examples.rows, (place) => log.time![place]);
    const { places, seen } = chooseTargets(examples, histories, { horizon: 0, repeats: false }, times);
    const named = [...places].map((place) => log.items.nameOf(examples.items[place]));
    expect(named).toEqual(['milk', 'bread', 'eggs', 'milk']);
    expect([...seen]).toEqual([0, 0, 2, 0]);
  });

  const one = columnsOf([{ user: 0, item: 1, seen: 0, time: 0 }]);
  const history = CsrMatrix.fromRows([[1]], ITEMS);

  test.each([-1, -1e-9, NaN, Infinity, -Infinity])('a horizon of %p is refused', (horizon) => {
    expect(() => chooseTargets(one, history, { horizon }, [0])).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', details: { option: 'horizon' } }),
    );
  });

  test('a horizon needs one finite time for each target', () => {
    const refuses = (times: number[] | undefined, code: string) =>
      expect(() => chooseTargets(one, history, { horizon: 0 }, times)).toThrow(
        expect.objectContaining({ code }),
      );
    refuses(undefined, 'BAD_OPTION');
    refuses([], 'SHAPE_MISMATCH');
    refuses([0, 1], 'SHAPE_MISMATCH');
    refuses([NaN], 'BAD_VALUE');
    refuses([Infinity], 'BAD_VALUE');
  });
});

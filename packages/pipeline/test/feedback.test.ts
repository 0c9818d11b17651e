import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Als } from '@towerkit/als';
import type { CsrMatrix } from '@towerkit/core';
import { encodeInteractions, type InteractionArrays } from '@towerkit/data';
import { createEngine } from '@towerkit/engine';
import { dislikes, gruTower, itemTower, sampledSoftmax, twoTower } from '@towerkit/towers';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  checkConfig,
  locateDataset,
  prepare,
  readQuestions,
  trainBaseline,
  trainRecommender,
  trainTwoTower,
  type Config,
  type Prepared,
} from '../src/index.js';
import { opened } from './toy.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-feedback-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** `user kind item weight`, a row each, in order of time. */
function rowsOf(text: string): InteractionArrays {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '));
  return {
    user: rows.map(([user]) => user),
    kind: rows.map(([, kind]) => kind),
    item: rows.map(([, , item]) => item),
    weight: rows.map(([, , , weight = '1']) => Number(weight)),
    time: rows.map((_, at) => at),
  };
}

const BY_HAND = rowsOf(`
  ann view a
  ann buy b 3
  ann view c
  ann buy d
  ann hide e
  ann view f
  bob buy a 2
  bob hide d
  bob buy b
  bob buy d 0
  bob buy c
  bob hide f
  cid buy e
  cid buy f
  cid buy a
  cid view d
  zed buy a
  zed buy b
  zed buy c
  zed buy d
  zed buy e
  zed buy f
  zed buy a
  zed buy b
`);
const kinds = { view: { target: false, weight: 0.5 }, buy: {}, hide: { dislike: true } };

const configOf = (data: Config['data'], more: Partial<Config> = {}) =>
  checkConfig({
    name: 'fed',
    ...{ threads: 1, metrics: ['hr@2'], examples: 0, split: { kind: 'leave-last-two-out' as const } },
    data: {
      dataset: { columns: { user: 'user', item: 'item', time: 'time', kind: 'kind', weight: 'weight' } },
      ...data,
    },
    ...more,
  });
const prepared = (config = configOf({ kinds }), rows = BY_HAND): Promise<Prepared> =>
  prepare({ name: 'by hand', log: encodeInteractions(rows) }, config);

const named = ({ log }: Pick<Prepared, 'log'>, matrix: CsrMatrix) =>
  Object.fromEntries(
    log.users.names.map((name, user) => [
      name,
      Array.from(matrix.row(user), (item) => log.items.nameOf(item)).join(''),
    ]),
  );

describe('rows by kind, by hand', () => {
  test('views are known before later targets; a dislike is neither known nor a target', async () => {
    const made = await prepared();
    const { split, histories, targets, feedback, leakage } = made;
    expect(named(made, histories)).toEqual({ ann: 'a', bob: 'a', cid: 'e', zed: 'abcdef' });
    expect(named(made, targets)).toEqual({ ann: 'b', bob: 'b', cid: 'f', zed: 'a' });
    expect(named(made, split.test!)).toEqual({ ann: 'd', bob: 'c', cid: 'a', zed: 'b' });
    const { train, validation, test: last } = feedback!.parts;
    expect(named(made, validation!.history)).toEqual({ ann: 'bc', bob: 'bd', cid: 'f', zed: 'a' });
    expect(named(made, last!.history)).toEqual({ ann: 'df', bob: 'c', cid: 'ad', zed: 'b' });
    expect(named(made, train.taken)).toEqual({ ann: '', bob: 'a', cid: 'e', zed: 'abcdef' });
    expect(named(made, train.disliked)).toEqual({ ann: '', bob: 'd', cid: '', zed: '' });
    expect(named(made, validation!.taken)).toEqual({ ann: 'b', bob: 'bd', cid: 'f', zed: 'a' });
    expect(named(made, last!.taken)).toEqual({ ann: 'd', bob: 'c', cid: 'a', zed: 'b' });
    expect(named(made, last!.disliked)).toEqual({ ann: 'e', bob: 'f', cid: '', zed: '' });
    expect(named(made, feedback!.learning.disliked)).toEqual({ ann: '', bob: 'd', cid: '', zed: '' });
    expect(leakage).toMatchObject({ targets: 4, repeats: 1, targetsEarlierThanHistory: 0 });
  });

  test('what was viewed and then taken is no repeat', async () => {
    const rows = rowsOf('ann buy x\nann view y\nann buy y\nbob buy y\nbob buy x');
    const { leakage, split } = await prepared(
      configOf({ kinds }, { split: { kind: 'leave-last-out' } }),
      rows,
    );
    expect([split.validation.entries, leakage.repeats]).toEqual([2, 0]);
  });

  test('an artifact tells them apart: in questions, in answers and in the lists of all users', async () => {
    const config = configOf({ kinds });
    const made = await prepared(config);
    const path = join(folder, 'als');
    const trained = await trainBaseline(
      'als',
      made,
      checkConfig({ ...config, baselines: { als: { factors: 4 } } }),
    );
    await trained.save(path);
    await trained.model.dispose?.();
    await opened(path, async (artifact) => {
      expect(Array.from(artifact.counts)).toEqual(Array.from(made.split.train.columnCounts()));
      const asked = await readQuestions(artifact, { on: 'test' });
      expect(named(made, asked.histories)).toEqual({ ann: 'abc', bob: 'abd', cid: 'ef', zed: 'abcdefa' });
      expect(named(made, asked.leftOut!)).toEqual({ ann: 'b', bob: 'adbd', cid: 'ef', zed: 'abcdefa' });
      const lists: Record<string, string> = {};
      for await (const { user, item } of artifact.recommendAll(6))
        user.forEach((name, row) => (lists[name] = (lists[name] ?? '') + item[row]));
      for (const [user, rest] of Object.entries({ ann: 'acf', bob: 'e', cid: 'bcd' })) {
        const { items } = await artifact.recommend({ user }, 6);
        expect(
          items
            .map(({ id }) => id)
            .sort()
            .join(''),
        ).toBe(rest);
        expect([...lists[user]].sort().join('')).toBe(rest);
      }
    });
  });

  test('a set that comes split in files is told apart in each of them', async () => {
    const write = (name: string, rows: string[]) =>
      writeFile(join(folder, name), ['user,kind,item', ...rows].join('\n'));
    await write('train.csv', ['ann,view,a', 'ann,buy,b', 'bob,buy,a', 'bob,hide,b', 'cid,hide,a']);
    await write('held.csv', ['ann,view,c', 'ann,buy,a', 'bob,hide,c', 'bob,buy,b', 'cid,buy,b']);
    const columns = { user: 'user', item: 'item', kind: 'kind' };
    const dataset = { file: 'train.csv', heldBack: { validation: 'held.csv' }, columns };
    const config = checkConfig({ name: 'held', metrics: ['hr@2'], data: { dataset, kinds } });
    const made = await prepare(await locateDataset(config.data, folder, ''), config);
    expect(named(made, made.histories)).toEqual({ ann: 'ab', bob: 'a', cid: '' });
    expect(named(made, made.split.validation)).toEqual({ ann: 'a', bob: 'b', cid: 'b' });
    expect(named(made, made.targets)).toEqual({ ann: 'a', bob: 'b', cid: '' });
    const { train, validation } = made.feedback!.parts;
    expect(named(made, validation!.history)).toEqual({ ann: 'ca', bob: 'b', cid: 'b' });
    expect(named(made, train.disliked)).toEqual({ ann: '', bob: 'b', cid: 'a' });
    await write('held.csv', ['ann,look,c']);
    await expect(prepare(await locateDataset(config.data, folder, ''), config)).rejects.toMatchObject({
      code: 'UNKNOWN_KIND',
      message: expect.stringContaining('held.csv, line 2: column "kind"'),
    });
  });

  test.each([
    { split: { kind: 'temporal' as const, validation: 700, test: 900 } },
    { split: { kind: 'random' as const, validation: 0.2 } },
    { split: { kind: 'leave-last-out' as const }, kCore: { users: 8, items: 20 } },
  ])('targets are what was bought, however it is split: %j', async ({ split, kCore }) => {
    const made = await prepared(configOf({ kinds, kCore }, { split }), MANY);
    const { log, feedback } = made;
    const kindOf = (row: number) => log.kind!.names[log.kind!.codes[row]];
    const { rows } = made.split;
    expect(new Set(Array.from(rows!.validation, kindOf))).toEqual(new Set(['buy']));
    expect(new Set(Array.from(rows!.train, kindOf))).toEqual(new Set(['buy', 'view']));
    expect(made.split.test === undefined).toBe(split.kind !== 'temporal');
    expect(feedback!.parts.test === undefined).toBe(split.kind !== 'temporal');
    expect(feedback!.learning.disliked.entries).toBeGreaterThan(50);
  });

  test('kinds, dislikes and weights need their columns, and the column kinds', async () => {
    const columns = { user: 'user', item: 'item' };
    const refuses = (data: NonNullable<Config['data']>, message: RegExp) =>
      expect(() => checkConfig({ name: 'bad', data })).toThrow(message);
    refuses({ dataset: { columns }, kinds: { buy: {} } }, /data\.kinds: it needs a column .*columns\.kind/);
    refuses({ dataset: { columns: { ...columns, kind: 'kind' } } }, /data\.kinds: say what each kind/);
    refuses({ dataset: { columns }, dislikes: { below: 2 } }, /data\.dislikes: .*columns\.rating/);
    refuses(
      { dataset: { columns }, weights: { halfLife: 2 } },
      /data\.weights: halfLife needs .*columns\.time/,
    );
    refuses({ dataset: { columns }, weights: { cap: 2 } }, /data\.weights: cap needs .*columns\.weight/);
    refuses({ kinds: { buy: { dislike: true, weight: 2 } } }, /data\.kinds\.buy\.weight: .*neither history/);
    refuses({ kinds: { buy: {}, back: { exclude: true, dislike: true } } }, /data\.kinds\.back\.exclude: /);
    refuses({ kinds: { buy: {}, back: { exclude: true, history: false } } }, /data\.kinds\.back\.history: /);
    refuses({ kinds: { buy: {}, none: { history: false, target: false } } }, /data\.kinds\.none\.target: /);
    refuses({ kinds: { view: { target: false } } }, /data\.kinds: no kind is a target/);
    refuses({ kinds: { buy: { weigth: 1 } as object } }, /"data\.kinds\.buy\.weigth"; did you mean "weight"/);
    refuses({ weights: { transform: 'log' as 'log1p' } }, /data\.weights\.transform/);
    expect(() => checkConfig({ name: 'bad', hybrid: {}, data: { dislikes: { below: 2 } } })).toThrow(
      /the hybrid/,
    );
    // A set that a config only names is looked at when it is read.
    const plain = encodeInteractions({ user: ['a', 'a'], item: ['x', 'y'] });
    const named = (data: Config['data']) =>
      prepare({ name: 'plain', log: plain }, checkConfig({ name: 'bad', data }));
    await expect(named({ kinds })).rejects.toMatchObject({ code: 'BAD_CONFIG' });
    await expect(named({ weights: { halfLife: 1 } })).rejects.toMatchObject({ code: 'BAD_CONFIG' });
    await expect(prepared(configOf({ kinds: { view: {}, bye: {}, hide: {} } }))).rejects.toMatchObject({
      code: 'UNKNOWN_KIND',
      message: 'there is no kind "buy"',
      hint: expect.stringContaining('is it "bye"?'),
    });
  });
});

/** Sixty users who take what they looked at, weigh it by how much they took, and hide the others' kinds. */
const MANY = rowsOf(
  Array.from({ length: 60 }, (_, user) =>
    Array.from({ length: 6 }, (_, step) => {
      const item = (user * 3 + step * (1 + (user % 2))) % 20;
      return `u${user} view i${(item + 1) % 20} 1\nu${user} buy i${item} ${1 + (item % 4)}\nu${user} hide i${(item + 10) % 20} 1`;
    }).join('\n'),
  ).join('\n'),
);

describe('models', () => {
  const weights = { transform: 'log1p' as const, cap: 3 };
  const config = configOf(
    { kinds, weights },
    { baselines: { als: { factors: 5, alpha: 7, regularization: 0.3, iterations: 3 } } },
  );

  test('ALS has the weights for confidences: its users solve the dense equations with them', async () => {
    const made = await prepared(config, MANY);
    const { model } = await trainBaseline('als', made, config);
    const { userFactors, itemFactors: items } = model as Als;
    const { interactions } = made.feedback!.learning;
    // By name and number, from the text: views weigh half, purchases the logarithm of 1 + the number, at most 3 of them.
    const raw = new Map<string, number>();
    const { log, split } = made;
    for (const row of split.rows!.train) {
      const of = log.kind!.names[log.kind!.codes[row]] === 'view' ? 0.5 : 1;
      const weight = of * Math.log(1 + Math.min(log.weight![row], 3));
      const pair = `${log.user[row]} ${log.item[row]}`;
      raw.set(pair, (raw.get(pair) ?? 0) + weight);
    }
    const mean = [...raw.values()].reduce((a, b) => a + b, 0) / interactions.entries;
    for (let user = 0; user < log.users.size; user++) {
      const x = userFactors.row(user);
      // The gradient of the loss over every item, dense: 0 at the solution.
      const gradient = Float64Array.from(x, (value) => 0.3 * value);
      let size = 0;
      for (let item = 0; item < log.items.size; item++) {
        const y = items.row(item);
        const confidence = 1 + (7 * (raw.get(`${user} ${item}`) ?? 0)) / mean;
        const error = x.reduce((sum, value, f) => sum + value * y[f], 0) - (confidence > 1 ? 1 : 0);
        y.forEach((value, f) => (gradient[f] += confidence * error * value));
        size += confidence * Math.hypot(...y);
      }
      expect(Math.hypot(...gradient) / size).toBeLessThan(1e-5);
    }
    await model.dispose?.();
  });

  test('towers get weights, examples after views, and dislikes for a loss that learns from them', async () => {
    const made = await prepared(config, MANY);
    const engine = await createEngine({ threads: 1 });
    try {
      const model = twoTower({
        item: itemTower({ dimensions: 4 }),
        user: gruTower({ dimensions: 4 }),
        loss: dislikes({ loss: sampledSoftmax() }),
      });
      const quick = { ...config, epochs: 1, negatives: [{ kind: 'uniform' as const, count: 5 }] };
      const trained = await trainTwoTower(made, { config: quick, model, engine, refit: true });
      if (trained.interrupted) throw new Error('it was not stopped');
      const { data } = trained.fitted;
      const { learning } = made.feedback!;
      expect(data.disliked).toEqual(learning.disliked);
      expect(data.disliked!.entries).toBeGreaterThan(100);
      expect(data.examples).toEqual(learning.examples);
      expect(new Set(data.examples!.weights).size).toBeGreaterThan(2);
      expect(data.histories).toEqual(learning.histories);
      const path = join(folder, 'tower');
      await trained.save(path);
      await opened(path, async (artifact) => {
        expect(artifact.validation).toBeUndefined();
        const { train, validation } = made.feedback!.parts;
        const leftOut = (user: number, ...parts: readonly { taken: CsrMatrix; disliked: CsrMatrix }[]) =>
          new Set(parts.flatMap(({ taken, disliked }) => [...taken.row(user), ...disliked.row(user)]));
        for (const user of [0, 7, 59]) {
          expect(leftOut(user, artifact.feedback!.train)).toEqual(leftOut(user, train, validation!));
          const { items } = await artifact.recommend({ user: `u${user}` }, 20);
          const out = leftOut(user, train, validation!, made.feedback!.parts.test!);
          expect(items.map(({ id }) => id).sort()).toEqual(
            made.log.items.names.filter((_, item) => !out.has(item)).sort(),
          );
        }
      });
    } finally {
      await engine.dispose();
    }
  });

  test('trainRecommender takes kinds, dislikes and weights, of arrays too', async () => {
    const counted = MANY.user.flatMap((_, row) => (MANY.kind![row] === 'view' ? [] : row));
    const pick = <T>(values: ArrayLike<T>) => counted.map((row) => values[row]);
    const recommender = await trainRecommender({
      interactions: {
        ...{ user: pick(MANY.user), item: pick(MANY.item), time: pick(MANY.time!) },
        rating: pick(MANY.kind!).map((kind) => (kind === 'hide' ? 1 : 5)),
      },
      dislikes: { below: 1 },
      weights: { halfLife: 0.002 },
      ...{ epochs: 1, threads: 1, metrics: ['hr@3'] },
    });
    try {
      const { items } = await recommender.recommend({ user: 'u0' }, 20);
      const hidden = new Set(
        MANY.item.filter((_, row) => MANY.user[row] === 'u0' && MANY.kind![row] !== 'view'),
      );
      expect(items).toHaveLength(20 - hidden.size);
      expect(items.filter(({ id }) => hidden.has(id))).toEqual([]);
      expect((await recommender.evaluate()).metrics['hr@3'].value).toBeCloseTo(
        recommender.metrics['hr@3'].value,
        6,
      );
    } finally {
      await recommender.dispose();
    }
  });
});

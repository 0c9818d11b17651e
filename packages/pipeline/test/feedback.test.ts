import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeInteractions } from '@towerkit/data';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  checkConfig,
  locateDataset,
  prepare,
  readQuestions,
  trainBaseline,
  type Config,
} from '../src/index.js';
import { configOf, kinds, MANY, named, prepared, rowsOf } from './feedback-toy.js';
import { opened } from './toy.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-feedback-'));
});
afterAll(() => rm(folder, { recursive: true }));

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
describe('rows by kind, by hand', () => {
  test('views are known before later targets; a dislike is neither known nor a target', async () => {
    const made = await prepared(BY_HAND);
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
      rows,
      configOf({ kinds }, { split: { kind: 'leave-last-out' } }),
    );
    expect([split.validation.entries, leakage.repeats]).toEqual([2, 0]);
  });

  test('an artifact tells them apart: in questions, in answers and in the lists of all users', async () => {
    const config = configOf({ kinds });
    const made = await prepared(BY_HAND, config);
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
    const made = await prepared(MANY, configOf({ kinds, kCore }, { split }));
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
    await expect(
      prepared(BY_HAND, configOf({ kinds: { view: {}, bye: {}, hide: {} } })),
    ).rejects.toMatchObject({
      code: 'UNKNOWN_KIND',
      message: 'there is no kind "buy"',
      hint: expect.stringContaining('is it "bye"?'),
    });
  });
});

import { describe, expect, test } from '@jest/globals';

import {
  clean,
  coreWithDislikes,
  dedupe,
  encodeInteractions,
  excludeKinds,
  feedbackSplit,
  fingerprint,
  lastTargetsOut,
  learningRows,
  leaveLastOut,
  leaveLastTwoOut,
  minimumRatingOrDislike,
  readInteractions,
  rowUses,
  summarizeFeedback,
  type FeedbackRules,
} from '../src/index.js';
import { temporaryFolder } from './files.js';
import { randomLog } from './random-log.js';

const files = temporaryFolder();
const columns = { user: 'who', item: 'what', weight: 'much', kind: 'how' };
const refusal = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('a file with weights and kinds', () => {
  const text = 'who,what,much,how\nann,hat,2,view\nbo,hat,0,buy\nann,"a, b",1.5,buy\n';

  test('is read in the order of the rows, with kinds by first appearance or as given', async () => {
    const path = await files.write('good.csv', text);
    const log = await readInteractions({ path, columns });
    expect([...log.weight!]).toEqual([2, 1.5, 0]);
    expect(log.kind).toEqual({ names: ['view', 'buy'], codes: Int32Array.of(0, 1, 1) });
    const given = await readInteractions({ path, columns, kinds: ['buy', "o'clock", 'view'] });
    expect(given.kind).toEqual({ names: ['buy', "o'clock", 'view'], codes: Int32Array.of(2, 0, 0) });
    expect(fingerprint(log)).not.toBe(fingerprint(given));
  });

  test.each(['-1', 'NaN', 'much', 'Infinity', '1e39', ''])(
    'a weight of "%s" makes a bad row',
    async (weight) => {
      const path = await files.write('bad.csv', `${text}cy,hat,${weight},view\n`);
      await expect(readInteractions({ path, columns })).rejects.toMatchObject({
        code: 'BAD_ROW',
        message: expect.stringContaining('bad.csv, line 5: column "much": '),
        details: { line: 5, column: 'much' },
      });
      const { skipped, user } = await readInteractions({ path, columns, onBadRow: 'skip' });
      expect([skipped, user.length]).toEqual([1, 3]);
    },
  );

  test.each(['error', 'skip'] as const)(
    'a kind that nobody named is no row to skip: %s',
    async (onBadRow) => {
      const path = await files.write('kinds.csv', `${text}cy,hat,-1,vieuw\ncy,hat,1,views\n`);
      const read = readInteractions({ path, columns, kinds: ['view', 'buy'], onBadRow });
      await expect(read).rejects.toMatchObject(
        onBadRow === 'error'
          ? { code: 'BAD_ROW' }
          : {
              code: 'UNKNOWN_KIND',
              message: 'kinds.csv, line 6: column "how": there is no kind "views"',
              hint: expect.stringContaining('view, buy'),
              details: { kind: 'views', line: 6, column: 'how' },
            },
      );
      await expect(readInteractions({ path, columns, kinds: [], onBadRow })).rejects.toMatchObject({
        code: 'BAD_OPTION',
      });
    },
  );

  test('an empty kind is a bad row, or what it stands for', async () => {
    const path = await files.write('empty.csv', `${text}cy,hat,1,\n`);
    await expect(readInteractions({ path, columns })).rejects.toMatchObject({ code: 'BAD_ROW' });
    const log = await readInteractions({ path, columns, whenEmpty: { kind: 'buy' } });
    expect([...log.kind!.codes]).toEqual([0, 1, 1, 1]);
  });
});

describe('rows in memory', () => {
  const rows = { user: ['ann', 'ann', 'bo'], item: ['hat', 'hat', 'cup'] };

  test.each([[[1, -1, 1]], [[1, NaN, 1]], [[1, 1e39, 1]]])('weights %j are refused', (weight) => {
    expect(() => encodeInteractions({ ...rows, weight })).toThrow(refusal('BAD_VALUE', 'row 1: weight'));
  });

  test('rules need what they speak of', () => {
    const log = encodeInteractions({ ...rows, kind: ['view', 'buy', 'veiw'] });
    const refuses = (rules: FeedbackRules, code: string, message: string) =>
      expect(() => rowUses(log, rules)).toThrow(refusal(code, message));
    refuses({ kinds: { view: {}, buy: {} } }, 'UNKNOWN_KIND', 'there is no kind "veiw"');
    refuses({ dislikes: { below: 2 } }, 'MISSING_COLUMN', 'rating');
    refuses({ weights: { halfLife: 2 } }, 'MISSING_COLUMN', 'time');
    expect(() => rowUses(encodeInteractions(rows), { kinds: { view: {} } })).toThrow(
      refusal('MISSING_COLUMN', 'kind'),
    );
    expect(() => excludeKinds(['view']).keep(encodeInteractions(rows))).toThrow(
      refusal('MISSING_COLUMN', 'kind'),
    );
    expect(() => minimumRatingOrDislike(4, 2).keep(log)).toThrow(refusal('MISSING_COLUMN', 'rating'));
    const part = new Uint8Array(2);
    expect(() => feedbackSplit({ log, ...rowUses(log, {}), part })).toThrow(
      refusal('SHAPE_MISMATCH', '3 rows'),
    );
  });

  test('without rules the splits are the usual ones', () => {
    for (let seed = 0; seed < 20; seed++) {
      const log = randomLog(seed, 50, 15, 10);
      const uses = rowUses(log, {});
      expect(feedbackSplit({ log, ...uses, part: lastTargetsOut(log, uses, 1) })).toEqual(leaveLastOut(log));
      expect(feedbackSplit({ log, ...uses, part: lastTargetsOut(log, uses, 2) }, true)).toEqual(
        leaveLastTwoOut(log),
      );
    }
  });

  test('a center is taken off before the cap, and what is below it weighs nothing', () => {
    const log = encodeInteractions({
      user: ['a', 'a', 'a', 'a'],
      item: ['w', 'x', 'y', 'z'],
      weight: [1, 3, 4, 5],
    });
    const { uses, weights } = rowUses(log, { weights: { center: 2, cap: 2.5, transform: 'sqrt' } });
    expect(Array.from(weights!)).toEqual([0, 1, Math.sqrt(2), Math.sqrt(2.5)]);
    // The first is in the history and was taken, but is no target.
    expect(uses[0]).toBeLessThan(uses[1]);
    expect(new Set(uses.slice(1)).size).toBe(1);
  });

  test('a half-life is of days, whether times are seconds or milliseconds', () => {
    const day = 86_400;
    for (const unit of [1, 1000]) {
      const time = [1.6e9, 1.6e9 + 3 * day, 1.6e9 + 6 * day].map((at) => at * unit);
      const log = encodeInteractions({ user: ['a', 'a', 'a'], item: ['x', 'y', 'z'], time });
      const rows = { log, ...rowUses(log, { weights: { halfLife: 3 } }), part: new Uint8Array(3) };
      const { values } = learningRows(rows, { halfLife: 3 }).interactions;
      [1 / 4, 1 / 2, 1].forEach((weight, row) => expect(values![row]).toBeCloseTo(weight / (1.75 / 3), 5));
    }
  });
});

describe('cleaning and the core', () => {
  test('one row of each kind; excluded kinds go; ratings between are dropped', () => {
    const log = encodeInteractions({
      user: ['a', 'a', 'a', 'a', 'a', 'b'],
      item: ['x', 'x', 'x', 'y', 'z', 'x'],
      kind: ['view', 'buy', 'view', 'back', 'view', 'view'],
      rating: [5, 4, 1, 3, 3, 2],
    });
    const { removed, log: left } = clean(log, [
      dedupe(),
      excludeKinds(['back']),
      minimumRatingOrDislike(4, 2),
    ]);
    expect(removed).toEqual([
      { rule: 'dedupe(first)', rows: 1 },
      { rule: 'excludeKinds(back)', rows: 1 },
      { rule: 'minimumRating(4)', rows: 1 },
    ]);
    expect([...left.rating!]).toEqual([5, 4, 2]);
  });

  test('rows without a rating are let in where they are asked for, and are neither liked nor disliked', async () => {
    const path = await files.write('some.csv', 'who,what,stars\na,x,5\na,y,\na,z,3\na,w,1\n');
    const read = { path, columns: { user: 'who', item: 'what', rating: 'stars' } };
    await expect(readInteractions(read)).rejects.toMatchObject({ code: 'BAD_ROW' });
    const log = await readInteractions({
      ...read,
      whenEmpty: { rating: NaN },
      clean: [minimumRatingOrDislike(4, 2)],
    });
    expect([...log.rating!]).toEqual([5, NaN, 1]);
    expect([...rowUses(log, { dislikes: { below: 2 } }).uses]).toEqual([11, 11, 4]);
    const bad = await files.write('bad-stars.csv', 'who,what,stars\na,x,many\n');
    const refused = readInteractions({ ...read, path: bad, whenEmpty: { rating: NaN } });
    await expect(refused).rejects.toMatchObject({ code: 'BAD_ROW', details: { line: 2, column: 'stars' } });
  });

  test('a dislike keeps nobody in the core, and stays with those who are in it', () => {
    const log = encodeInteractions({
      user: ['a', 'a', 'b', 'b', 'a', 'c', 'c', 'b'],
      item: ['x', 'y', 'x', 'y', 'y', 'x', 'y', 'z'],
      rating: [5, 5, 5, 5, 1, 1, 1, 1],
    });
    const core = coreWithDislikes(log, rowUses(log, { dislikes: { below: 2 } }), { users: 2, items: 2 });
    expect([core.users.names, core.items.names]).toEqual([
      ['a', 'b'],
      ['x', 'y'],
    ]);
    expect([...core.rating!]).toEqual([5, 5, 1, 5, 5]);
  });

  test('a summary counts rows by kind, dislikes and weights', () => {
    const log = encodeInteractions({
      user: ['a', 'a', 'a', 'a'],
      item: ['x', 'y', 'x', 'z'],
      kind: ['view', 'buy', 'buy', 'hide'],
      weight: [1, 3, 0, 1],
    });
    const kinds = {
      view: { target: false },
      buy: {},
      hide: { dislike: true },
      gift: {},
      back: { exclude: true },
    };
    const rows = { log, ...rowUses(log, { kinds }), part: Uint8Array.of(0, 0, 0, 1) };
    expect(summarizeFeedback(rows, learningRows(rows), { kinds })).toEqual({
      kinds: [
        { kind: 'view', rows: 1, history: 1, targets: 0, dislikes: 0 },
        { kind: 'buy', rows: 2, history: 2, targets: 1, dislikes: 0 },
        { kind: 'hide', rows: 1, history: 0, targets: 0, dislikes: 1 },
        { kind: 'gift', rows: 0, history: 0, targets: 0, dislikes: 0 },
      ],
      dislikes: { rows: 1, training: 0 },
      weights: { least: 0.5, most: 1.5, nothing: 1 },
    });
  });
});

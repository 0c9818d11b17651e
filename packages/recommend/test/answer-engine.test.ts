import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyArtifact } from '@towerkit/artifact';
import { topK, type Matrix } from '@towerkit/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TwoTowerRecommender } from '../src/index.js';
import {
  AnswerEngine,
  diversify,
  openArtifact,
  type AnswerEngineOptions,
  type Found,
  type OpenArtifact,
  type Outcome,
  type Question,
} from '../src/index.js';
import {
  catalogRows,
  histories,
  ITEMS,
  saveAls,
  savePopularity,
  saveTower,
  TITLE_ONLY,
  UNSEEN,
} from './toy.js';

let folder: string;
let trained: Matrix;
let tower: OpenArtifact;
let model: TwoTowerRecommender;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-answers-'));
  trained = (await saveTower(join(folder, 'tower'))).itemVectors;
  await saveAls(join(folder, 'als'));
  await savePopularity(join(folder, 'popularity'));
  tower = await openArtifact(join(folder, 'tower'), { threads: 1 });
  model = tower.model as TwoTowerRecommender;
});
afterAll(async () => {
  await tower.dispose();
  await rm(folder, { recursive: true });
});

const kindOf = (item: number) => catalogRows[item].kind;
const valueOf = (outcome: Outcome<Found>): Found => {
  if ('failure' in outcome) throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
  return outcome.value;
};
const codeOf = (outcome: Outcome<Found>) => ('failure' in outcome ? outcome.failure.code : 'none');
const question = (more: Partial<Question> = {}): Question => ({
  history: [0, 4, 9],
  user: -1,
  k: 6,
  ...more,
});
const ask = async (more: Partial<Question> = {}) =>
  valueOf((await tower.engine.recommend([question(more)]))[0]);

/** An engine of another artifact or with other options, for one test. */
async function withEngine<T>(
  name: string,
  options: Omit<AnswerEngineOptions, 'artifact'>,
  use: (engine: AnswerEngine) => Promise<T>,
): Promise<T> {
  const artifact = await verifyArtifact(join(folder, name));
  const engine = await AnswerEngine.open({ artifact, threads: 1, ...options });
  try {
    return await use(engine);
  } finally {
    await engine.dispose();
  }
}

const product = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

/** Every item by its score for a history, best first, without those left out. */
async function ranked(history: readonly number[], without: readonly number[] = history) {
  const vector = (await model.userVectors([history], [-1])).row(0);
  const scores = Float32Array.from({ length: ITEMS }, (_, item) => product(vector, trained.row(item)));
  return Array.from(topK(scores, ITEMS, without).items);
}

describe('candidates', () => {
  test('are the items of the highest score, the history left out', async () => {
    const { items, scores, source } = await ask();
    expect(items).toEqual((await ranked([0, 4, 9])).slice(0, 6));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(source).toBe('two-tower');
  });

  test('of several questions at once are those of each alone', async () => {
    const questions = [
      question(),
      question({ history: [7], k: 3 }),
      question({ history: [], k: 2 }),
      question({ deny: [8] }),
    ];
    const together = (await tower.engine.recommend(questions)).map(valueOf);
    for (const [place, one] of questions.entries()) {
      const [alone] = await tower.engine.recommend([one]);
      expect(together[place].items).toEqual(valueOf(alone).items);
    }
  });

  test('without those denied', async () => {
    const all = await ranked([0, 4, 9]);
    const deny = [all[0], all[2]];
    expect((await ask({ deny })).items).toEqual(all.filter((item) => !deny.includes(item)).slice(0, 6));
  });

  test('with those of the history that are to be kept', async () => {
    const all = await ranked([0, 4, 9], [0, 9]);
    expect((await ask({ keep: [4], k: ITEMS })).items).toEqual(all);
    const tea = all.filter((item) => kindOf(item) === 'tea');
    expect(tea).toContain(4);
    expect((await ask({ keep: [4], k: ITEMS, where: { kind: 'tea' } })).items).toEqual(tea);
    expect((await ask({ keep: [4], k: ITEMS, deny: [4] })).items).not.toContain(4);
  });

  test('that pass a filter: as many as there are', async () => {
    const where = { kind: 'lamp', price: { lt: 3 } };
    const expected = (await ranked([0, 4, 9])).filter(
      (item) => kindOf(item) === 'lamp' && Number(catalogRows[item].price ?? NaN) < 3,
    );
    expect(expected.length).toBeGreaterThan(1);
    expect((await ask({ where, k: 40 })).items).toEqual(expected);
    expect((await ask({ where, k: 40, deny: [expected[0]] })).items).toEqual(expected.slice(1));
    expect((await ask({ where: { kind: 'no such' } })).items).toEqual([]);
    const [wrong] = await tower.engine.recommend([question({ where: { colour: 'red' } })]);
    expect(codeOf(wrong)).toBe('BAD_FILTER');
  });

  test('of somebody of whom nothing is known are the popular ones', async () => {
    const counts = Array.from(histories.columnCounts());
    const byCount = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b);
    const found = await ask({ history: [], k: 5 });
    expect(found.source).toBe('popularity');
    expect(found.items).toEqual(byCount.slice(0, 5));
    expect(found.scores).toEqual(byCount.slice(0, 5).map((item) => counts[item]));
    const tea = byCount.filter((item) => kindOf(item) === 'tea');
    const rest = await ask({ history: [], k: 3, where: { kind: 'tea' }, deny: [tea[1]] });
    expect(rest.items).toEqual([tea[0], tea[2], tea[3]]);
  });
});

describe('a question of which the model knows nothing', () => {
  const counts = Array.from(histories.columnCounts());
  const byCount = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b);

  test.each([
    [{ text: 'zzzzz' }],
    [{ text: '!!!' }],
    [{ text: '\ud800' }],
    [{ text: '🎮' }],
    [{ text: '  ' }],
    [{ features: {} }],
    [{ features: { kind: 'no such', title: 'zzzzz' } }],
    [{ features: { kind: null, price: null } }],
    [{ features: { title: '!!!' } }],
  ])('is answered by popularity, and says so: %j', async (content) => {
    const found = await ask({ history: [], content, k: 5, deny: [byCount[0]] });
    expect(found).toMatchObject({ source: 'popularity', items: byCount.slice(1, 6) });
    const where = { kind: 'tea' };
    const tea = byCount.filter((item) => kindOf(item) === 'tea');
    expect((await ask({ history: [], content, k: 2, where })).items).toEqual(tea.slice(0, 2));
  });

  test.each([
    [{ features: { kind: 'tea', title: 'zzzzz' } }],
    [{ features: { price: 0 } }],
    [{ text: 'zzz tea' }],
  ])('is not one where anything is known: %j', async (content) => {
    expect((await ask({ history: [], content })).source).toBe('two-tower');
  });

  test('beside a history is answered by the history', async () => {
    const alone = await ask();
    expect(await ask({ content: { text: 'zzzzz' } })).toEqual(alone);
  });

  test('takes nobody else the answer away', async () => {
    const outcomes = await tower.engine.recommend([
      question({ history: [], content: { text: 'zzzzz' } }),
      question({ content: { text: 'warm tea' } }),
      question({ history: [], content: { features: { colour: 'red' } } }),
    ]);
    expect(outcomes.map(codeOf)).toEqual(['none', 'none', 'UNKNOWN_FEATURE']);
    expect(valueOf(outcomes[0]).source).toBe('popularity');
    expect(valueOf(outcomes[1]).items).toEqual((await ask({ content: { text: 'warm tea' } })).items);
  });

  test('by names: popularity, too', async () => {
    for (const text of ['zzzzz', '!!!'])
      expect(await tower.recommend({ text }, 3)).toMatchObject({
        source: 'popularity',
        items: byCount.slice(0, 3).map((item) => ({ id: `i${item}` })),
      });
  });

  test('a search looks for its words in the titles', async () => {
    const titled = byCount.filter((item) => /\btea/.test(catalogRows[item].title!));
    expect(await tower.engine.search({ content: { text: 'zzzzz' }, k: 3 })).toEqual({
      items: [],
      scores: [],
      source: 'titles',
    });
    // LSA knows no beginnings of words, titles are found by them.
    const found = await tower.engine.search({ content: { text: 'te' }, k: 3 });
    expect(found).toEqual({
      items: titled.slice(0, 3),
      scores: titled.slice(0, 3).map((item) => counts[item]),
      source: 'titles',
    });
    const where = { price: { lt: 3 } };
    const cheap = titled.filter((item) => Number(catalogRows[item].price ?? NaN) < 3);
    expect((await tower.engine.search({ content: { text: 'te' }, k: 40, where })).items).toEqual(cheap);
    expect((await tower.engine.search({ content: { features: { kind: 'no such' } }, k: 3 })).items).toEqual(
      [],
    );
    expect((await tower.engine.search({ content: { text: 'tea' }, k: 3 })).source).toBe('text');
  });

  test('items are found by titles, or listed by popularity', async () => {
    expect((await tower.engine.find({ k: 4 })).items).toEqual(byCount.slice(0, 4));
    expect((await tower.engine.find({ query: ' ', k: 4 })).items).toEqual([]);
    const both = byCount.filter(
      (item) => /lamp/.test(catalogRows[item].title!) && /\bred/.test(catalogRows[item].title!),
    );
    expect((await tower.engine.find({ query: 'RED lámp', k: 40 })).items).toEqual(both);
  });

  test('items that stand in no history are like none, and a history of them is none', async () => {
    await withEngine('als', {}, async (engine) => {
      expect((await engine.similar({ item: UNSEEN, k: 5 })).items).toEqual([]);
      const [outcome] = await engine.recommend([question({ history: [UNSEEN, TITLE_ONLY], k: 3 })]);
      expect(valueOf(outcome)).toMatchObject({ source: 'popularity', items: byCount.slice(0, 3) });
      const [left] = await engine.recommend([question({ history: [UNSEEN], k: ITEMS, deny: [byCount[0]] })]);
      expect(valueOf(left).items).toEqual(byCount.slice(1).filter((item) => item !== UNSEEN));
    });
  });
});

describe('a filter beyond its limits', () => {
  test.each([['not'], ['all'], ['any']])(
    'nested 100,000 deep by %s is refused as that, and nobody else is',
    async (join) => {
      let where: unknown = { kind: 'tea' };
      for (let level = 0; level < 100_000; level++) where = { [join]: join === 'not' ? where : [where] };
      const deep = where as Question['where'];
      const outcomes = await tower.engine.recommend([question({ where: deep }), question()]);
      expect(outcomes.map(codeOf)).toEqual(['BAD_FILTER', 'none']);
      const refused = expect.objectContaining({ code: 'BAD_FILTER' });
      await expect(tower.recommend(['i0'], 3, { where: deep })).rejects.toThrow(refused);
      await expect(tower.engine.similar({ item: 1, k: 2, where: deep })).rejects.toThrow(refused);
      await expect(tower.engine.search({ content: { text: 'tea' }, k: 2, where: deep })).rejects.toThrow(
        refused,
      );
      await expect(tower.engine.find({ query: 'tea', k: 2, where: deep })).rejects.toThrow(refused);
    },
  );
});

describe('reranking by another artifact', () => {
  // The other artifact's ids, in another order, and it does not know item 11.
  const ids = Int32Array.from({ length: ITEMS }, (_, item) => (item === 11 ? -1 : item));

  test('orders the candidates by its scores, those it does not know last', async () => {
    const als = await openArtifact(join(folder, 'als'), { threads: 1 });
    const scores = new Float32Array(ITEMS);
    await als.model.score([[0, 4, 9]], scores);
    await als.dispose();
    const candidates = (await ranked([0, 4, 9])).slice(0, 20);
    const [own] = (await ranked([0, 4, 9])).filter((item) => item !== 11);
    expect(candidates).toContain(own);
    const known = candidates.filter((item) => item !== 11).sort((a, b) => scores[b] - scores[a] || a - b);
    const rerank = { artifact: await verifyArtifact(join(folder, 'als')), ids };
    await withEngine('tower', { rerank, candidates: 20 }, async (engine) => {
      const [outcome, plain] = await engine.recommend([
        question({ rerankUser: -1, k: 20 }),
        question({ k: 6 }),
      ]);
      const { items, scores: given, source } = valueOf(outcome);
      expect(source).toBe('two-tower+als');
      expect(items).toEqual([...known, ...candidates.filter((item) => item === 11)]);
      known.forEach((item, place) => expect(given[place]).toBeCloseTo(scores[item], 5));
      expect(valueOf(plain).items).toEqual(candidates.slice(0, 6)); // not asked for
      expect(valueOf(plain).source).toBe('two-tower');
    });
  });

  test('that knows nothing of the history keeps the order', async () => {
    const rerank = {
      artifact: await verifyArtifact(join(folder, 'als')),
      ids: Int32Array.from(ids, (id, item) => ([0, 4, 9].includes(item) ? -1 : id)),
    };
    await withEngine('tower', { rerank, candidates: 20 }, async (engine) => {
      const [outcome] = await engine.recommend([question({ rerankUser: -1 })]);
      expect(valueOf(outcome).items).toEqual((await ranked([0, 4, 9])).slice(0, 6));
    });
  });
});

describe('diversity', () => {
  test('chooses among all candidates by vectors without the bias', async () => {
    const all = await ask({ k: ITEMS });
    const vectorOf = (item: number) => trained.row(item).subarray(0, 8);
    const expected = diversify(all, vectorOf, 6, 0.7);
    const found = await ask({ diversity: 0.7 });
    expect(found.items).toEqual(expected.items);
    expect(found.items).not.toEqual(all.items.slice(0, 6));
    expect((await ask({ diversity: 0 })).items).toEqual(all.items.slice(0, 6));
  });

  test('wants vectors', async () => {
    await withEngine('popularity', {}, async (engine) => {
      const [outcome] = await engine.recommend([question({ diversity: 0.5 })]);
      expect(codeOf(outcome)).toBe('NO_VECTORS');
    });
  });
});

describe('reasons of a tower', () => {
  test('are what the score loses when an item is left out of the history', async () => {
    const history = [30, 0, 4, 9, 14, 22]; // one more than the tower reads
    const read = history.slice(-5);
    const { items, scores, reasons } = await ask({ history, explain: true, k: 3 });
    for (const [place, item] of items.entries()) {
      const weights = await Promise.all(
        read.map(async (left) => {
          const rest = (await model.userVectors([read.filter((one) => one !== left)], [-1])).row(0);
          return { item: left, weight: scores[place] - product(rest, trained.row(item)) };
        }),
      );
      const expected = weights.sort((a, b) => b.weight - a.weight).slice(0, 3);
      expect(reasons![place].map((reason) => reason.item)).toEqual(expected.map((reason) => reason.item));
      reasons![place].forEach(({ weight }, at) => expect(weight).toBeCloseTo(expected[at].weight, 4));
    }
    expect((await ask()).reasons).toBeUndefined();
  });

  test('are given by names, and refused by a model that has none', async () => {
    const { items } = await tower.recommend(['i0', 'i4'], 2, { explain: true });
    for (const { reasons } of items) {
      expect(reasons!.map(({ id }) => id).sort()).toEqual(['i0', 'i4']);
      expect(reasons![0].title).toBe(catalogRows[Number(reasons![0].id.slice(1))].title);
    }
    const popularity = await openArtifact(join(folder, 'popularity'), { threads: 1 });
    await expect(popularity.recommend(['i0'], 2, { explain: true })).rejects.toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
    await popularity.dispose();
  });
});

describe('a question about content', () => {
  const vectorOf = async (content: Question['content']) =>
    Array.from((await tower.engine.ranker.content!.encode([content!])).row(0));
  const near = (found: readonly number[], expected: ArrayLike<number>) =>
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));

  test('a text is an item of which training knew the title and nothing else', async () => {
    near(await vectorOf({ text: catalogRows[TITLE_ONLY].title! }), trained.row(TITLE_ONLY));
  });

  test('features are an item that is in no history', async () => {
    const { title, kind, price } = catalogRows[UNSEEN];
    near(await vectorOf({ features: { title, kind, price } }), trained.row(UNSEEN));
    // One that is left out is missing, not zero and not the mean.
    near(await vectorOf({ features: { title: catalogRows[TITLE_ONLY].title } }), trained.row(TITLE_ONLY));
  });

  test('is answered as if that item were the last of the history', async () => {
    const { items } = await ask({
      history: [0, 4],
      content: { text: catalogRows[TITLE_ONLY].title! },
      k: 10,
    });
    expect(items).toEqual((await ranked([0, 4, TITLE_ONLY], [0, 4])).slice(0, 10));
    const byName = await tower.recommend({ text: catalogRows[TITLE_ONLY].title! }, 3);
    expect(byName.items.map(({ id }) => id)).toEqual(
      (await ranked([TITLE_ONLY], [])).slice(0, 3).map((item) => `i${item}`),
    );
  });

  test('finds the items most like it', async () => {
    const found = await tower.engine.search({ content: { text: catalogRows[TITLE_ONLY].title! }, k: 3 });
    expect(found.items[0]).toBe(TITLE_ONLY);
    expect(found.scores[0]).toBeCloseTo(1, 5);
  });

  test('that cannot be read takes nobody else the answer away', async () => {
    const outcomes = await tower.engine.recommend([
      question(),
      question({ content: { features: { colour: 'red' } } }),
      question({ content: { text: 'warm tea' } }),
      question({ content: { features: { price: 'cheap' } } }),
      question({ history: [7] }),
    ]);
    expect(outcomes.map(codeOf)).toEqual(['none', 'UNKNOWN_FEATURE', 'none', 'BAD_FEATURE', 'none']);
    for (const [place, alone] of [
      question(),
      undefined,
      question({ content: { text: 'warm tea' } }),
    ].entries())
      if (alone)
        expect(valueOf(outcomes[place]).items).toEqual(
          valueOf((await tower.engine.recommend([alone]))[0]).items,
        );
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['infinite', { price: Infinity }, /price must be a finite number/],
    ['of more than 32 bits', { price: -1e300 }, /price must be a finite number/],
    ['that a tower makes nothing finite of', { price: 3e38 }, /price is too far from what the training knew/],
    ['that is a truth', { price: true }, /price must be a finite number/],
    ['that is a list', { price: [1] }, /price must be a finite number/],
    ['as a category', { kind: 3 }, /kind must be a string/],
    ['that is a truth, as a text', { title: false }, /title must be a string or a number/],
  ])('a value %s is refused with the name of the feature', async (_what, features, expected) => {
    const [outcome] = await tower.engine.recommend([question({ content: { features } })]);
    expect(codeOf(outcome)).toBe('BAD_FEATURE');
    expect((outcome as { failure: { message: string } }).failure.message).toMatch(expected);
  });

  test('is nothing for a model that reads none, whose other answers come all the same', async () => {
    await withEngine('als', {}, async (engine) => {
      const outcomes = await engine.recommend([question({ content: { text: 'tea' } }), question()]);
      expect(outcomes.map(codeOf)).toEqual(['NO_CONTENT', 'none']);
      await expect(engine.search({ content: { text: 'tea' }, k: 2 })).rejects.toThrow(
        expect.objectContaining({ code: 'NO_CONTENT' }),
      );
    });
  });
});

describe('a model without a bias', () => {
  let cosines: OpenArtifact;
  let vectors: Matrix;
  beforeAll(async () => {
    vectors = (await saveTower(join(folder, 'normalized'), { normalize: true, bias: false })).itemVectors;
    cosines = await openArtifact(join(folder, 'normalized'), { threads: 1 });
  });
  afterAll(() => cosines.dispose());

  test('uses all dimensions to say what is alike', async () => {
    const { ranker } = cosines.engine;
    expect(vectors.cols).toBe(8);
    expect(Array.from(ranker.vectorOf(3))).toEqual(Array.from(vectors.row(3)));
    const likeness = Float32Array.from({ length: ITEMS }, (_, item) =>
      product(vectors.row(3), vectors.row(item)),
    );
    const expected = Array.from(topK(likeness, 5, [3]).items);
    const { items, scores } = await cosines.engine.similar({ item: 3, k: 5 });
    expect(items).toEqual(expected);
    scores.forEach((score, place) => expect(score).toBeCloseTo(likeness[expected[place]], 5));
    const found = await ranker.nearest(vectors.row(3), 6);
    expect(found.items).toEqual([3, ...expected]);
  });

  test('diversifies by all of them, too', async () => {
    const [all, diverse] = (
      await cosines.engine.recommend([question({ k: ITEMS }), question({ diversity: 0.6 })])
    ).map(valueOf);
    expect(diverse.items).toEqual(diversify(all, (item) => vectors.row(item), 6, 0.6).items);
  });

  test('with one, the bias says nothing of likeness', async () => {
    const likeness = Float32Array.from({ length: ITEMS }, (_, item) => {
      const [a, b] = [trained.row(3).subarray(0, 8), trained.row(item).subarray(0, 8)];
      return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
    });
    expect(trained.cols).toBe(9);
    expect((await tower.engine.similar({ item: 3, k: 5 })).items).toEqual(
      Array.from(topK(likeness, 5, [3]).items),
    );
  });
});

describe('by names', () => {
  const code = (code: string) => expect.objectContaining({ code });

  test.each([
    ['UNKNOWN_USER', { user: 'nobody' }],
    ['UNKNOWN_ITEM', { history: ['i0', 'i99'] }],
    ['UNKNOWN_ITEM', ['i99']],
    ['EMPTY_TEXT', { text: ' \n' }],
  ])('%s for %j', async (expected, who) => {
    await expect(tower.recommend(who, 3)).rejects.toThrow(code(expected));
  });

  test.each([[0], [-1], [1.5], [NaN]])('a list of %d items is none', async (k) => {
    await expect(tower.recommend(['i0'], k)).rejects.toThrow(code('BAD_OPTION'));
  });

  test('a user has the history that the artifact knows; one without any gets what is popular', async () => {
    const known = await tower.recommend({ user: 'u3' }, 4);
    const vector = (await model.userVectors([histories.row(3)], [3])).row(0);
    const scores = Float32Array.from({ length: ITEMS }, (_, item) => product(vector, trained.row(item)));
    expect(known.items.map(({ id }) => id)).toEqual(
      Array.from(topK(scores, 4, histories.row(3)).items, (item) => `i${item}`),
    );
    expect((await tower.recommend({ user: 'u79' }, 4)).source).toBe('popularity');
    expect((await tower.recommend([], 4)).source).toBe('popularity');
  });

  test('for all users: each as if asked alone', async () => {
    const rows: Record<string, string[]> = {};
    let done = 0;
    for await (const part of tower.recommendAll(3, (users) => (done = users)))
      part.user.forEach((user, row) => (rows[user] ??= []).push(part.item[row]));
    expect(done).toBe(80);
    expect(Object.keys(rows)).toHaveLength(80);
    for (const user of ['u0', 'u41', 'u79'])
      expect(rows[user]).toEqual((await tower.recommend({ user }, 3)).items.map(({ id }) => id));
  });
});

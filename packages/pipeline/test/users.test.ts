import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readArtifact } from '@towerkit/artifact';
import type { AnswerItem, TwoTowerRecommender } from '@towerkit/recommend';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  checkConfig,
  prepare,
  shapesOf,
  trainRecommender,
  type LocatedDataset,
  type ModelShapes,
  type TrainedRecommender,
  type TrainRecommenderOptions,
} from '../src/index.js';
import { arraysOf, datasetOf, opened, shopItems, shopRows } from './toy.js';

/** What users are known by: what they like is their kind, and the last two of them have no row. */
const KINDS = ['tea', 'lamp', 'novel', 'ball'];
const people = Array.from({ length: 38 }, (_, user) => ({
  id: `u${user}`,
  taste: KINDS[user % 4],
  age: user % 5 === 3 ? null : 20 + user,
  joined: `2020-01-${String(1 + (user % 28)).padStart(2, '0')}`,
  about: `somebody who likes every ${KINDS[user % 4]}`,
}));
const userFeatures = {
  categories: { taste: {} },
  numeric: { age: {} },
  dates: { joined: {} },
  text: { about: { encoder: { kind: 'lsa' as const, dimensions: 4 } } },
};
const settings = {
  model: ({ user }: ModelShapes) =>
    twoTower({
      item: itemTower({ dimensions: 8 }),
      user: gruTower({ dimensions: 8, dropout: 0, inputs: user.inputs }),
    }),
  negatives: [{ kind: 'uniform' as const, count: 10 }],
  batchSize: 64,
  optimizer: { learningRate: 0.03 },
  epochs: 8,
  earlyStopping: false as const,
  threads: 1,
  seed: 3,
};

let folder: string;
let recommender: TrainedRecommender;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-users-'));
  recommender = await trainRecommender({
    ...settings,
    ...{ interactions: arraysOf(shopRows), items: shopItems, users: people, userFeatures },
  });
});
afterAll(async () => {
  await recommender.dispose();
  await rm(folder, { recursive: true });
});

const refusal = (code: string, message?: string) =>
  expect.objectContaining({ code, ...(message && { message }) });
const kindsOf = (items: readonly AnswerItem[]) => items.map(({ id }) => shopItems[Number(id.slice(1))].kind);
const featuresOf = ({ id: _, ...features }: (typeof people)[number]) => features;

describe('users by their features', () => {
  test('a newcomer gets what people like them take, from the first question on', async () => {
    for (const taste of KINDS) {
      const { items, source } = await recommender.recommend({ features: { taste } }, 4);
      expect(source).toBe('two-tower');
      expect(kindsOf(items)).toEqual([taste, taste, taste, taste]);
    }
  });

  test('a known user is who their row says: the same features with the same history ask the same', async () => {
    const { users, histories, validation, items } = recommender.artifact;
    for (const name of ['u0', 'u3', 'u13']) {
      const user = users.indexOf(name)!;
      const history = [...histories.row(user), ...validation!.row(user)].map((item) => items.nameOf(item));
      const features = featuresOf(people[Number(name.slice(1))]);
      const known = await recommender.recommend({ user: name }, 10);
      expect(await recommender.recommend({ history, features }, 10)).toEqual(known);
      expect(await recommender.recommend({ history }, 10)).not.toEqual(known);
    }
  });

  test('a user without a row, and somebody who says nothing, are unknown in the same way', async () => {
    const { users, histories } = recommender.artifact;
    const user = users.indexOf('u39')!;
    const model = recommender.artifact.model as unknown as TwoTowerRecommender;
    const history = histories.row(user);
    const vectors = await model.userVectors([history, history, history], [user, -1, users.indexOf('u3')!]);
    expect([...vectors.row(1)]).toEqual([...vectors.row(0)]);
    expect([...vectors.row(2)]).not.toEqual([...vectors.row(0)]);
  });

  test('what a question says of a known user stands in place of the table, feature by feature', async () => {
    const was = people[0];
    const { items } = recommender.artifact;
    const had = shopRows.u0;
    const other = await recommender.recommend({ user: 'u0', features: { taste: 'lamp' } }, 6);
    const same = await recommender.recommend(
      {
        history: had.filter((id) => items.indexOf(id) !== undefined),
        features: { ...featuresOf(was), taste: 'lamp' },
      },
      6,
    );
    expect(other).toEqual(same);
    expect(other).not.toEqual(await recommender.recommend({ user: 'u0' }, 6));
  });

  test('of features that say nothing it answers with what is popular', async () => {
    for (const features of [{}, { taste: null }, { taste: 'a taste of its own' }, { about: '!!' }])
      expect((await recommender.recommend({ features }, 3)).source).toBe('popularity');
    expect((await recommender.recommend({ features: { age: 30 } }, 3)).source).toBe('two-tower');
  });

  test('reasons are of the user who was described', async () => {
    const who = { history: ['i0', 'i4'], features: featuresOf(people[0]) };
    const { items } = await recommender.recommend(who, 3, { explain: true });
    expect(items[0].reasons).toHaveLength(2);
    const score = (history: string[]) =>
      recommender.recommend({ ...who, history }, 24).then(({ items }) => items);
    const [best] = items;
    const without = (await score(['i4'])).find(({ id }) => id === best.id)!;
    expect(best.reasons!.find(({ id }) => id === 'i0')!.weight).toBeCloseTo(best.score - without.score, 4);
  });

  test.each([
    [{ size: 3 }, 'UNKNOWN_FEATURE', 'this model reads no feature "size" of users'],
    [{ constructor: 'x' }, 'UNKNOWN_FEATURE', undefined],
    [{ taste: 3 }, 'BAD_FEATURE', 'the feature taste must be a string'],
    [{ joined: 'soon' }, 'BAD_FEATURE', 'the feature joined must be a date, such as 2024-03-01'],
    [{ age: 1e30 }, 'BAD_FEATURE', 'the feature age is too far from what the training knew'],
    [{ age: 'old' }, 'BAD_FEATURE', undefined],
  ])('%j is refused', async (features, code, message) => {
    await expect(recommender.recommend({ features }, 3)).rejects.toThrow(refusal(code, message));
    // Nobody else's answer goes with it.
    const [bad, good] = await recommender.artifact.engine.recommend([
      { history: [], user: -1, k: 3, userFeatures: features },
      { history: [0], user: -1, k: 3 },
    ]);
    expect(bad).toMatchObject({ failure: { code } });
    expect(good).toMatchObject({ value: { source: 'two-tower' } });
  });

  test('saved and opened it answers the same; the artifact holds the table, and nulls for whom it lacks', async () => {
    const at = join(folder, 'saved');
    const manifest = await recommender.save(at);
    expect(Object.keys(manifest.files)).toEqual(
      expect.arrayContaining(['users.parquet', 'user_rows.safetensors', 'user_text/about/lsa.safetensors']),
    );
    const { users, userTable } = await readArtifact(at);
    expect(Array.from(userTable!.id)).toEqual(users.names);
    expect(userTable!.taste[users.indexOf('u6')!]).toBe('novel');
    expect(userTable!.taste[users.indexOf('u39')!]).toBeNull();
    expect(userTable!.age[users.indexOf('u3')!]).toBeNull();
    const questions = [
      { user: 'u7' },
      { features: { taste: 'ball', age: 3, about: 'likes every lamp' } },
    ] as const;
    await opened(at, async (artifact) => {
      for (const who of questions)
        expect(await artifact.recommend(who, 6)).toEqual(await recommender.recommend(who, 6));
    });
  });

  test('a model without them says so', async () => {
    const plain = await trainRecommender({ interactions: arraysOf(shopRows), epochs: 1, threads: 1 });
    try {
      await expect(plain.recommend({ features: { taste: 'tea' } })).rejects.toThrow(refusal('NO_CONTENT'));
      await plain.save(join(folder, 'plain'));
      expect((await readArtifact(join(folder, 'plain'))).userTable).toBeUndefined();
    } finally {
      await plain.dispose();
    }
  });
});

describe('data.users', () => {
  const located = (): LocatedDataset => ({
    name: 'files',
    folder,
    source: { interactions: { file: 'taken.csv', columns: { user: 'who', item: 'what' } } },
  });
  const config = (users: object) => checkConfig({ name: 'files', data: { users } });
  const prepared = (users: object) => prepare(located(), config(users));
  beforeAll(async () => {
    await writeFile(join(folder, 'taken.csv'), 'who,what\na,x\na,y\na,z\nb,x\nb,y\nc,y\nc,x\n');
    await writeFile(join(folder, 'people.csv'), 'who,Age Group,income\na,18-25,1.5\nz,65+,2\nc,65+,\n');
  });

  test('a file beside the interactions: the id has their name, and columns theirs, unless it says otherwise', async () => {
    const { users, log } = await prepared({
      file: 'people.csv',
      columns: { age: 'Age Group' },
      features: { categories: { age: {} }, numeric: { income: {} } },
    });
    expect(log.users.names).toEqual(['a', 'b', 'c']);
    expect(users!.overlap).toEqual({ withoutRow: 1, withoutInteractions: 1 });
    expect([...users!.features.categories.age.codes]).toEqual([1, 0, 2]);
    expect([...users!.features.features.income.data]).toEqual([0, 0, 0, 1, 0, 1]);
  });

  test('what a model can be built on, and the default one, which reads all of it', async () => {
    const given = {
      file: 'people.csv',
      columns: { age: 'Age Group' },
      features: { categories: { age: {} }, numeric: { income: {} } },
    };
    const { user } = shapesOf(await prepared(given));
    expect(user).toEqual({
      categories: { age: { size: 3 } },
      numeric: { income: 2 },
      content: {},
      inputs: {
        age: { kind: 'embedding', of: 'age', dimensions: 8, stddev: 0.1 },
        income: { kind: 'feature', of: 'income', dimensions: 2 },
      },
    });
    expect(shapesOf(await prepare(datasetOf(shopRows), checkConfig({ name: 'none' }))).user.inputs).toEqual(
      {},
    );
  });

  const age = { categories: { age: {} } };
  test.each([
    [
      'MISSING_COLUMN',
      /people.csv has no column "age"; it has "who", "Age Group", "income"/,
      { features: age },
    ],
    [
      'MISSING_COLUMN',
      /has no column "user_id"/,
      { columns: { id: 'user_id', age: 'Age Group' }, features: age },
    ],
    [
      'BAD_ROW',
      /line 2: column "Age Group": "18-25" is not a number/,
      {
        ...{ columns: { age: 'Age Group' }, features: { numeric: { age: {} } } },
      },
    ],
    ['FILE_NOT_FOUND', /nobody.csv/, { file: 'nobody.csv', features: age }],
    [
      'DUPLICATE_ID',
      /twice.csv, line 4: the user "a" is on line 2 already/,
      { file: 'twice.csv', features: age },
    ],
    ['NO_OVERLAP', /none of the 3 users/, { file: 'strangers.csv', features: age }],
    ['BAD_CONFIG', /data.users: say which file/, { file: undefined, features: age }],
  ])('%s %s', async (code, message, users) => {
    await writeFile(join(folder, 'twice.csv'), 'who,age\na,1\nb,1\na,2\n');
    await writeFile(join(folder, 'strangers.csv'), 'who,age\n1,1\n2,1\n');
    const failed = await prepared({ file: 'people.csv', ...users }).catch((error: Error) => error);
    expect(failed).toMatchObject({ code, message: expect.stringMatching(message) });
    expect((failed as Error).message).not.toContain('\n');
  });

  test.each([
    [/data.users.features: name a column/, { features: {} }],
    [
      /data.users.features.categories.id: "id" is what towers call something else/,
      { features: { categories: { id: {} } } },
    ],
    [
      /data.users.features.numeric.age: there is another feature "age"/,
      { features: { ...age, numeric: { age: {} } } },
    ],
    [/there is no key "data.users.feature"; did you mean "features"/, { feature: age, features: age }],
    [/there is no key "data.users.features.category"/, { features: { category: {} } }],
    [/data.users.features: .*expected object/, {}],
  ])('a config is refused: %s', (message, users) => {
    expect(() => config({ file: 'people.csv', ...users })).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringMatching(message) }),
    );
  });

  test('a hybrid reads no table of users, and data in memory has to have one', async () => {
    expect(() =>
      checkConfig({ name: 'x', hybrid: {}, data: { users: { file: 'people.csv', features: age } } }),
    ).toThrow(/data.users: the hybrid reads no table of users/);
    await expect(prepare(datasetOf(shopRows), config({ features: age }))).rejects.toThrow(
      refusal('BAD_CONFIG'),
    );
    const asked = { interactions: arraysOf(shopRows), users: people } as TrainRecommenderOptions;
    await expect(trainRecommender(asked)).rejects.toThrow(refusal('BAD_CONFIG'));
  });
});

describe('numbers and lists of both sides', () => {
  test('in buckets, scaled, as lists: new items and questions are read as the training read its rows', async () => {
    const lists = { separator: ';', pool: 'sum' as const };
    const trained = await trainRecommender({
      ...settings,
      interactions: arraysOf(shopRows),
      items: shopItems.map((item) => ({ ...item, tags: `${item.kind};${item.title.split(' ')[0]}` })),
      features: {
        numeric: { price: { buckets: 3 } },
        lists: { tags: lists },
      },
      users: people.map((one) => ({ ...one, likes: `${one.taste};all` })),
      userFeatures: {
        numeric: { age: { scale: 'min-max', missing: true } },
        dates: { joined: { buckets: 4 } },
        lists: { likes: lists },
      },
      model: ({ categories, numeric, user }: ModelShapes) => {
        expect(categories).toEqual({ price: { size: 4 } });
        expect(numeric.tags).toBe(10);
        expect(user.numeric).toEqual({ age: 2, likes: 5 });
        expect(user.categories).toEqual({ joined: { size: 5 } });
        return twoTower({
          item: itemTower({ dimensions: 8, categories: { price: 4 }, numeric }),
          user: gruTower({ dimensions: 8, dropout: 0, inputs: user.inputs }),
          idDropout: 0.2,
        });
      },
    });
    try {
      const { users, histories, validation, items } = trained.artifact;
      const user = users.indexOf('u5')!;
      const history = [...histories.row(user), ...validation!.row(user)].map((item) => items.nameOf(item));
      const features = { age: 25, joined: '2020-01-06', likes: 'lamp;all' };
      const known = await trained.recommend({ user: 'u5' }, 8);
      expect(await trained.recommend({ history, features }, 8)).toEqual(known);
      const { items: found, source } = await trained.recommend({ features: { likes: 'novel;all' } }, 3);
      expect(source).toBe('two-tower');
      expect(kindsOf(found)).toEqual(['novel', 'novel', 'novel']);
      expect((await trained.recommend({ features: { likes: 'nothing;of;it' } }, 3)).source).toBe(
        'popularity',
      );
      const code = (bad: object) =>
        trained.recommend({ features: bad as never }, 3).catch((error) => error.code);
      expect(await Promise.all([code({ likes: 3 }), code({ joined: 'x' }), code({ age: 'x' })])).toEqual(
        Array(3).fill('BAD_FEATURE'),
      );
    } finally {
      await trained.dispose();
    }
  });

  test.each([
    [
      /data.features.numeric.price.scale: `buckets` go without it/,
      { numeric: { price: { buckets: 4, scale: 'none' } } },
    ],
    [/data.features.numeric.price.buckets/, { numeric: { price: { buckets: 1 } } }],
    [/data.features.lists.genres.separator/, { lists: { genres: { separator: '' } } }],
    [/data.features.lists.genres.pool/, { lists: { genres: { pool: 'max' } } }],
    [
      /there is no key "data.features.numeric.price.bucket"; did you mean "buckets"/,
      { numeric: { price: { bucket: 3 } } },
    ],
  ])('a config is refused: %s', (message, features) => {
    expect(() => checkConfig({ name: 'x', data: { features } })).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringMatching(message) }),
    );
  });
});

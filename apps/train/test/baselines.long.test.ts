import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyArtifact } from '@towerkit/artifact';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  filesIn,
  ITEMS,
  lastLine,
  removeFolder,
  ringConfig,
  towerkit,
  USERS,
  workFolder,
  writeRing,
} from './command.js';

const NAMES = ['popularity', 'item-knn', 'user-knn', 'als', 'bpr-mf', 'ease', 'lightgcn', 'svd'];

const EXPLAINS = NAMES.filter((name) => name !== 'popularity' && name !== 'svd');

/** Small enough for the ring. */
const OPTIONS = {
  als: { factors: 8, alpha: 10, regularization: 0.1 },
  'bpr-mf': { factors: 8, epochs: 30 },
  lightgcn: { factors: 8, epochs: 30 },
  svd: { factors: 8, epochs: 5 },
};

let folder: string;
const results: Record<string, any> = {}; // eslint-disable-line @typescript-eslint/no-explicit-any

beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder, { baselines: OPTIONS });
  // Ratings: everybody likes even items better.
  const rows = Array.from({ length: USERS * 6 }, (_, k) => {
    const item = (7 * k + Math.floor(k / 6)) % ITEMS;
    return `u${Math.floor(k / 6)},i${item},${4 - 2 * (item % 2) + (k % 2)},${k % 6}`;
  });
  await mkdir(join(folder, 'rated'));
  await writeFile(join(folder, 'rated/ratings.csv'), `who,what,stars,when\n${rows.join('\n')}\n`);
  const rated = {
    path: 'rated',
    dataset: {
      file: 'ratings.csv',
      columns: { user: 'who', item: 'what', time: 'when', rating: 'stars' },
    },
  };
  const text = ringConfig({ baselines: OPTIONS });
  await writeFile(
    join(folder, 'rated.mjs'),
    text.replace('...{', `...${JSON.stringify({ name: 'rated', data: rated })}, ...{`),
  );
  for (const name of NAMES) {
    const config = name === 'svd' ? 'rated.mjs' : 'ring.mjs';
    const run = await towerkit(['baseline', name, '--config', config, '--json'], folder);
    expect(`${name} ${run.status} ${run.status ? run.stderr : ''}`).toBe(`${name} 0 `);
    results[name] = lastLine(run);
  }
}, 120_000);
afterAll(() => removeFolder(folder));

const estimate = {
  value: expect.any(Number),
  low: expect.any(Number),
  high: expect.any(Number),
  users: expect.any(Number),
};
const metrics = { 'hr@10': estimate, 'ndcg@10': estimate, 'hr@20': estimate };

describe.each(NAMES)('baseline %s', (name) => {
  const set = name === 'svd' ? 'rated' : 'ring';
  const artifact = join('artifacts', `${set}-${name}`);

  test('reports what train reports, and its time and memory', () => {
    expect(results[name]).toEqual({
      artifact,
      dataset: { users: USERS, items: ITEMS, interactions: expect.any(Number) },
      model: name,
      fit_seconds: expect.any(Number),
      peak_memory_bytes: expect.any(Number),
      metrics,
      baselines: { popularity: metrics },
      ...(name === 'svd' && {
        ratings: { rmse: expect.objectContaining({ value: expect.any(Number) }), mae: expect.anything() },
      }),
    });
    expect(results[name].peak_memory_bytes).toBeGreaterThan(2 ** 25);
  });

  test('writes an artifact of the same layout', async () => {
    const { kind, metrics: kept, files } = (await verifyArtifact(join(folder, artifact))).manifest;
    expect(kind).toBe(name);
    expect(kept).toEqual(results[name].metrics);
    for (const file of ['items.parquet', 'histories.parquet', 'validation.parquet', 'popularity.safetensors'])
      expect(Object.keys(files)).toContain(file);
    expect(await filesIn(join(folder, 'artifacts'))).not.toContainEqual(expect.stringContaining('.tmp'));
  });

  test('which evaluate finds to be as good as it was', async () => {
    const { metrics: again } = lastLine(
      await towerkit(['evaluate', '--artifact', artifact, '--json'], folder),
    );
    const { metrics: then, ratings = {} } = results[name];
    expect(Object.keys(again).sort()).toEqual([...Object.keys(then), ...Object.keys(ratings)].sort());
    expect(again).toMatchObject(then);
    for (const error of Object.keys(ratings)) expect(again[error].value).toBeCloseTo(ratings[error].value, 6);
  });

  test('and which recommends', async () => {
    const user = lastLine(
      await towerkit(['recommend', '--artifact', artifact, '--user', 'u3', '-k', '5', '--json'], folder),
    );
    expect(user.items).toHaveLength(5);
    expect(user.source).toBe(name);
  });

  test('with reasons, where it can say why', async () => {
    const args = [
      'recommend',
      '--artifact',
      artifact,
      '--history',
      'i1,i2,i4',
      '-k',
      '1',
      '--explain',
      '--json',
    ];
    const run = await towerkit(args, folder);
    if (!EXPLAINS.includes(name)) return expect(run.stderr).toContain('cannot say why');
    const [{ id: found, reasons }] = lastLine(run).items;
    expect(['i1', 'i2', 'i4']).not.toContain(found);
    expect(reasons.length).toBeGreaterThan(0);
    for (const { id, weight } of reasons) {
      expect(['i1', 'i2', 'i4']).toContain(id);
      expect(Number.isFinite(weight)).toBe(true);
    }
  });
});

test('a history by commas, as JSON, or one id each time', async () => {
  const artifact = 'artifacts/ring-item-knn';
  const items = async (...history: string[]) =>
    lastLine(await towerkit(['recommend', '--artifact', artifact, ...history, '-k', '3', '--json'], folder))
      .items;
  const wanted = await items('--history', ' i1, i2,i4');
  expect(await items('--history', '["i1","i2","i4"]')).toEqual(wanted);
  expect(await items('--history', 'i1', '--history', 'i2', '--history', 'i4')).toEqual(wanted);
  const refused = async (...history: string[]) =>
    (await towerkit(['recommend', '--artifact', artifact, ...history], folder)).stderr;
  expect(await refused('--history', 'i1', '--history', 'B,C')).toMatch(/UNKNOWN_ITEM: .* item B,C\n/);
  expect(await refused('--history', '["B,C"]')).toMatch(/UNKNOWN_ITEM: .* item B,C\n/);
  expect(await refused('--history', '[12]')).toMatch(/^error BAD_USAGE: --history: 12 is no id/);
});

test('models that see who took what beat popularity on the ring', () => {
  for (const name of ['item-knn', 'user-knn', 'als', 'ease'])
    expect(results[name].metrics['ndcg@10'].value).toBeGreaterThan(
      2 * results[name].baselines.popularity['ndcg@10'].value,
    );
});

describe('compare', () => {
  const paths = ['als', 'popularity', 'item-knn'].map((name) => join('artifacts', `ring-${name}`));

  test('one table on the same users, each tested against the first', async () => {
    const run = await towerkit(['compare', '--artifacts', paths.join(','), '--json'], folder);
    const { users, models } = lastLine(run);
    expect(users).toBe(USERS);
    expect(models.map(({ artifact }: { artifact: string }) => artifact)).toEqual(paths);
    expect(models.map((one: { metrics: unknown }) => one.metrics)).toEqual(
      ['als', 'popularity', 'item-knn'].map((name) => results[name].metrics),
    );
    expect(models[0].p).toBeNull();
    expect(Object.keys(models[1].p)).toEqual(Object.keys(metrics));
    expect(models[1].p['ndcg@10']).toBeLessThan(0.01);
  });

  test('on targets of a file', async () => {
    await writeFile(join(folder, 'targets.csv'), 'who,what\nu1,i30\nu2,i31\nu5,i39\nnobody,i1\n');
    const run = await towerkit(
      ['compare', '--artifacts', paths.join(','), '--targets', 'targets.csv', '--json'],
      folder,
    );
    expect(lastLine(run).users).toBe(3);
  });

  test.each([
    ['one artifact', () => paths.slice(0, 1), 'BAD_OPTION'],
    ['other data', () => [paths[0], join('artifacts', 'rated-svd')], 'OTHER_DATA'],
    ['no artifact', () => [paths[0], 'nowhere'], 'ARTIFACT_NOT_FOUND'],
  ])('refuses %s', async (_case, artifacts, code) => {
    const run = await towerkit(['compare', '--artifacts', artifacts().join(',')], folder);
    expect(run.stderr).toContain(`error ${code}`);
    expect(run.status).toBe(2);
  });

  test('refuses another split of the same data', async () => {
    await writeFile(
      join(folder, 'other.mjs'),
      ringConfig({ name: 'other', split: { kind: 'random', validation: 0.2 } }),
    );
    await towerkit(['baseline', 'popularity', '--config', 'other.mjs'], folder);
    const run = await towerkit(['compare', '--artifacts', `${paths[0]},artifacts/other-popularity`], folder);
    expect(run.stderr).toMatch(/error OTHER_DATA.*validation targets are others/);
  });
});

describe('bad input', () => {
  test.each([
    ['an unknown model', ['baseline', 'magic'], /BAD_USAGE.*popularity/],
    ['no model', ['baseline'], /BAD_USAGE/],
    ['svd without ratings', ['baseline', 'svd', '--config', 'ring.mjs'], /error \w+: .*rating/i],
  ])('%s', async (_case, args, message) => {
    const run = await towerkit(args, folder);
    expect(run.stderr).toMatch(message);
    expect(run.status).toBe(2);
  });

  test('an option that the model does not have', async () => {
    const text = ringConfig({ baselines: { als: { factor: 8 } } });
    await writeFile(join(folder, 'typo.mjs'), text);
    const run = await towerkit(['baseline', 'als', '--config', 'typo.mjs'], folder);
    expect(run.stderr).toContain('did you mean "factors"?');
  });
});

test('a set that comes split is recognized and keeps its parts', async () => {
  await mkdir(join(folder, 'split'));
  const lines = (from: number, to: number) =>
    Array.from({ length: USERS }, (_, user) => {
      const items = Array.from({ length: to - from }, (_, step) => (user + from + step) % ITEMS);
      return `${user} ${items.join(' ')}`;
    }).join('\n');
  await writeFile(join(folder, 'split/train.txt'), lines(0, 6));
  await writeFile(join(folder, 'split/valid.txt'), lines(6, 8));
  const dataset = {
    file: 'train.txt',
    heldBack: { validation: 'valid.txt' },
    columns: { user: 'user', item: 'item' },
  };
  const config = { name: 'parts', data: { path: 'split', dataset }, metrics: ['recall@20'] };
  await writeFile(join(folder, 'parts.json'), JSON.stringify(config));
  const run = await towerkit(['baseline', 'item-knn', '--config', 'parts.json', '--json'], folder);
  const { dataset: sizes, metrics: found } = lastLine(run);
  expect(sizes).toEqual({ users: USERS, items: ITEMS, interactions: 8 * USERS });
  expect(found['recall@20'].value).toBe(1);
  expect(await readFile(join(folder, 'artifacts/parts-item-knn/manifest.json'), 'utf8')).toContain(
    'valid.txt',
  );
  const again = lastLine(
    await towerkit(
      ['evaluate', '--artifact', 'artifacts/parts-item-knn', '--data', 'split', '--json'],
      folder,
    ),
  );
  expect(again.metrics).toEqual(found);
});

test('a tower that starts from ALS', async () => {
  await writeFile(
    join(folder, 'started.mjs'),
    ringConfig({ name: 'started', start: { als: {} }, epochs: 1 }),
  );
  const run = await towerkit(['train', '--config', 'started.mjs', '--json'], folder);
  expect(run.status).toBe(0);
  expect(lastLine(run).epochs).toHaveLength(1);
  await writeFile(join(folder, 'plain.mjs'), ringConfig({ name: 'plain', epochs: 1 }));
  const plain = lastLine(await towerkit(['train', '--config', 'plain.mjs', '--json'], folder));
  expect(lastLine(run).epochs[0].loss).not.toBe(plain.epochs[0].loss);
});

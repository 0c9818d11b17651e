import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { readTable } from '@towerkit/data';
import { verifyArtifact } from '@towerkit/artifact';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { filesIn, lastLine, removeFolder, towerkit, workFolder } from './command.js';

const TOPICS = {
  farm: ['barn', 'tractor', 'harvest', 'cow', 'orchard'],
  space: ['rocket', 'galaxy', 'orbit', 'alien', 'comet'],
  racing: ['circuit', 'turbo', 'drift', 'engine', 'podium'],
  fantasy: ['dragon', 'wizard', 'castle', 'potion', 'quest'],
};
const topics = Object.keys(TOPICS) as (keyof typeof TOPICS)[];
const PER_TOPIC = 12;
const COLD = 2; // of each topic, the last ones: nobody has had them

const title = (topic: keyof typeof TOPICS, i: number) => {
  const words = TOPICS[topic];
  return `${words[i % 5]} ${words[(i + 1 + (i >> 1)) % 5]} ${topic} ${'I'.repeat(1 + (i % 3))}`;
};
const topicOf = (id: string) => id.split('-')[0];

let folder: string;
let trained: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** People who have items of one topic, in any order. */
async function writeTopics() {
  await mkdir(join(folder, 'topics'));
  const rng = new Rng(4);
  const rows = ['who,what,when'];
  for (let user = 0; user < 120; user++) {
    const topic = topics[user % 4];
    const order = rng.shuffle(Int32Array.from({ length: PER_TOPIC - COLD }, (_, i) => i));
    order.subarray(0, 7).forEach((item, when) => rows.push(`u${user},${topic}-${item},${when}`));
  }
  await writeFile(join(folder, 'topics/interactions.csv'), `${rows.join('\n')}\n`);
  const items = topics.flatMap((topic) =>
    Array.from({ length: PER_TOPIC }, (_, i) => `${topic}-${i},"${title(topic, i)}",${i % 4 ? 5 + i : ''}`),
  );
  await writeFile(join(folder, 'topics/items.csv'), `id,title,price\n${items.join('\n')}\n`);
  await writeFile(
    join(folder, 'topics.mjs'),
    `
import { defineConfig, gatedTower, twoTower } from 'towerkit';
export default defineConfig({
  name: 'topics',
  data: {
    path: 'topics',
    dataset: {
      file: 'interactions.csv',
      columns: { user: 'who', item: 'what', time: 'when' },
      catalog: { file: 'items.csv', columns: { id: 'id', title: 'title', price: 'price' } },
    },
    features: { numeric: { price: {} }, text: { title: { encoder: { kind: 'lsa', dimensions: 16 } } } },
  },
  model: ({ numeric, content }) => twoTower({
    item: gatedTower({ dimensions: 16, inputs: {
      id: { kind: 'embedding', of: 'id', dimensions: 16 },
      price: { kind: 'feature', of: 'price', dimensions: numeric.price },
      title: { kind: 'feature', of: 'title', dimensions: content.title },
    } }),
    user: gatedTower({ dimensions: 16, inputs: { history: { kind: 'history', dimensions: 16 } } }),
    idDropout: 0.3,
  }),
  batchSize: 64,
  negatives: [{ kind: 'uniform', count: 40 }],
  optimizer: { learningRate: 0.02, schedule: 'constant' },
  epochs: 8,
  earlyStopping: false,
  threads: 1,
});
`,
  );
}

const recommend = (...args: string[]) =>
  towerkit(['recommend', '--artifact', 'artifacts/topics', '--json', ...args], folder);
const ids = (items: { id: string }[]) => items.map(({ id }) => id);

beforeAll(async () => {
  folder = await workFolder();
  await writeTopics();
  const run = await towerkit(['train', '--config', 'topics.mjs', '--json'], folder);
  expect(run.stderr).not.toContain('error');
  trained = lastLine(run);
}, 60_000);
afterAll(() => removeFolder(folder));

describe('a model that reads titles', () => {
  test('keeps the encoder that was fitted, and says what its gates come to', async () => {
    const artifact = join(folder, 'artifacts/topics');
    const { model, files } = (await verifyArtifact(artifact)).manifest;
    expect(model).toMatchObject({
      idDropout: 0.3,
      features: {
        price: { kind: 'numeric' },
        title: { kind: 'text', columns: ['title'], dimensions: 16, encoder: { kind: 'lsa' } },
      },
    });
    expect(Object.keys(files).filter((name) => name.startsWith('text/title/')).length).toBeGreaterThan(0);
    expect(trained.gates.item.none.count).toBe(topics.length * COLD);
    expect(trained.gates.item.many.count).toBe(topics.length * (PER_TOPIC - COLD));
    expect(Object.keys(trained.gates.item.none.gates)).toEqual(['id', 'price', 'title']);
    expect(Object.keys(trained.gates.user.many.gates)).toEqual(['order', 'taste']);
    expect(model.gates).toEqual(trained.gates);
    const { title: none } = trained.gates.item.none.gates;
    expect(none).not.toBe(trained.gates.item.many.gates.title);
  });

  test('of a text of which it knows nothing says that the list is the popular ones', async () => {
    for (const text of ['zzzzz', '!!!']) {
      const answer = lastLine(await recommend('--text', text, '-k', '5'));
      expect(answer.source).toBe('popularity');
      const scores = answer.items.map(({ score }: { score: number }) => score);
      expect(scores).toEqual([...scores].sort((a: number, b: number) => b - a));
      expect(scores.every(Number.isInteger)).toBe(true);
    }
  });

  test('ranks what nobody has had by its title', async () => {
    for (const topic of topics) {
      const run = await recommend('--history', `${topic}-0,${topic}-1,${topic}-2`, '-k', '9');
      const found = ids(lastLine(run).items);
      expect(found.filter((id) => topicOf(id) === topic).length).toBeGreaterThanOrEqual(8);
      expect(found.some((id) => Number(id.split('-')[1]) >= PER_TOPIC - COLD)).toBe(true);
    }
  });

  test('knows somebody by a text alone', async () => {
    for (const topic of topics) {
      const [first, second] = TOPICS[topic];
      const answer = lastLine(await recommend('--text', `games with a ${first} and a ${second}`, '-k', '5'));
      expect(answer.source).toBe('two-tower');
      expect(ids(answer.items).filter((id) => topicOf(id) === topic).length).toBeGreaterThanOrEqual(4);
    }
  });

  test('evaluates and compares by how often the targets stand in training', async () => {
    const run = await towerkit(['evaluate', '--artifact', 'artifacts/topics', '--json'], folder);
    const { groups, metrics } = lastLine(run);
    expect(groups.many['hr@10'].users).toBeLessThanOrEqual(metrics['hr@10'].users);
    const fitted = await towerkit(
      ['baseline', 'popularity', '--config', 'topics.mjs', '--out', 'popular', '--json'],
      folder,
    );
    expect(fitted.status).toBe(0);
    const compared = await towerkit(['compare', '--artifacts', 'popular,artifacts/topics', '--json'], folder);
    const [first, second] = lastLine(compared).models;
    expect(first.groups.many.p).toBeNull();
    expect(second.groups.many.p['hr@10']).toBeLessThan(0.05);
    expect(second.groups.many.metrics).toEqual(groups.many);
  });
});

describe('add-items', () => {
  const add = (...args: string[]) =>
    towerkit(['add-items', '--artifact', 'artifacts/topics', '--json', ...args], folder);

  test('an item that is there already is an error that names it, and nothing changes', async () => {
    await writeFile(
      join(folder, 'known.csv'),
      'id,title,price\nfarm-new,cow harvest,9\nspace-3,comet orbit,7\n',
    );
    const before = await readFile(join(folder, 'artifacts/topics/manifest.json'), 'utf8');
    const run = await add('--items', 'known.csv');
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/^error KNOWN_ITEM: .*"space-3"/);
    expect(await readFile(join(folder, 'artifacts/topics/manifest.json'), 'utf8')).toBe(before);
  });

  test('a column that the tower reads and the file lacks is named', async () => {
    await writeFile(join(folder, 'bare.csv'), 'id,title\nfarm-bare,cow harvest\n');
    const run = await add('--items', 'bare.csv');
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/^error MISSING_COLUMN: .*price/);
  });

  test('new items are recommended to those whose taste they are, known ones can be skipped', async () => {
    expect(lastLine(await add('--items', 'known.csv', '--on-bad-row', 'skip'))).toMatchObject({
      added: 1,
      items: topics.length * PER_TOPIC + 1,
      skipped: 1,
    });
    await writeFile(
      join(folder, 'new.jsonl'),
      `${JSON.stringify({ id: 'space-new', title: 'alien galaxy rocket space', price: 8 })}\n${JSON.stringify({ id: 'fantasy-new', title: 'dragon castle fantasy', price: null })}\n`,
    );
    expect(lastLine(await add('--items', 'new.jsonl'))).toMatchObject({ added: 2, skipped: 0 });
    const artifact = join(folder, 'artifacts/topics');
    const manifest = (await verifyArtifact(artifact)).manifest; // every checksum holds
    expect(manifest.dataset.items).toBe(topics.length * PER_TOPIC + 3);
    expect(manifest.model.addedItems).toBe(3);
    const { columns } = await readTable(join(artifact, 'items.parquet'));
    expect(columns.id.at(-2)).toBe('space-new');
    expect(columns.title.at(-2)).toBe('alien galaxy rocket space');
    expect(columns.training_count.at(-1)).toBe(0);
    expect((await filesIn(join(folder, 'artifacts'))).filter((name) => name.includes('.tmp'))).toEqual([]);

    const run = await recommend('--history', 'space-0,space-4,space-7', '-k', '10');
    expect(ids(lastLine(run).items)).toContain('space-new');
    const other = await recommend('--history', 'farm-0,farm-1,farm-2', '-k', '8');
    expect(ids(lastLine(other).items)).not.toContain('space-new');
    expect(lastLine(await recommend('--user', 'u1', '-k', '3')).items).toHaveLength(3);
    // An artifact with other items is no match for a comparison.
    const compared = await towerkit(['compare', '--artifacts', 'popular,artifacts/topics', '--json'], folder);
    expect(compared.stderr).toMatch(/^error OTHER_DATA/);
  });
});

test('models that read no text say so', async () => {
  const byText = await towerkit(['recommend', '--artifact', 'popular', '--text', 'cows', '--json'], folder);
  expect(byText.stderr).toMatch(/^error NO_CONTENT/);
  const added = await towerkit(['add-items', '--artifact', 'popular', '--items', 'new.jsonl'], folder);
  expect(added.stderr).toMatch(/^error BAD_ARTIFACT/);
  expect((await recommend('--text', '  ')).stderr).toMatch(/^error EMPTY_TEXT/);
  const both = await recommend('--text', 'cows', '--history', 'farm-1');
  expect(both.stderr).toMatch(/^error BAD_USAGE/);
});

test('a text model that is not there is one clear line, before anything is trained', async () => {
  const config = (await readFile(join(folder, 'topics.mjs'), 'utf8'))
    .replace("{ kind: 'lsa', dimensions: 16 }", "{ kind: 'minilm' }")
    .replace("name: 'topics'", "name: 'absent'");
  await writeFile(join(folder, 'absent.mjs'), config);
  const run = await towerkit(['train', '--config', 'absent.mjs', '--models', 'nowhere'], folder);
  expect(run.status).toBe(2);
  expect(run.stderr.split('\n').find((line) => line.startsWith('error'))).toMatch(
    /^error (BAD_MODEL|MODEL_UNAVAILABLE): /,
  );
});

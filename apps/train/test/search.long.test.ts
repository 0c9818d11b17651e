import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { lastLine, removeFolder, towerkit, workFolder } from './command.js';

const COLORS = ['black', 'white', 'red', 'oak'];
const THINGS = [
  ['cordless drill', 'boring machine'],
  ['claw hammer', 'nail basher'],
  ['ceiling fan', 'air mover'],
  ['door lock', 'entry bolt'],
];
const PRODUCTS = THINGS.flatMap(([name], thing) =>
  COLORS.flatMap((color, c) =>
    [12, 18].map((size) => ({ id: `${thing}${c}-${size}`, title: `${color} ${name} ${size} in.` })),
  ),
);

/** Four things in four colors and two sizes, asked for in words that no title has; labels 1 to 4. */
const judged = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, k) => {
    const [thing, color, word] = [(from + k) % 4, ((from + k) >> 2) % 4, (from + k) >> 4];
    const query = `${COLORS[color]} ${THINGS[thing][1]}${['', ' pro', ' new', ' good'][word]}`;
    return [
      { q: query, sku: `${thing}${color}-12`, stars: '4' },
      { q: query, sku: `${thing}${color}-18`, stars: '3' },
      { q: query, sku: `${(thing + 1) % 4}${color}-12`, stars: '1' },
    ];
  }).flat();

const jsonLines = (rows: readonly object[]) => `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;

/** Ten lines that make `search` read another shop's files. */
const CONFIG = `export default {
  extends: 'search',
  name: 'other-shop',
  search: {
    judgments: { file: 'judged.jsonl', columns: { query: 'q', product: 'sku', label: 'stars' }, labels: { range: [1, 4] } },
    products: { file: 'goods.csv', columns: { id: 'id', title: 'title', brand: 'brand' } },
    tower: { dimensions: 32, minCount: 1 },
    heldBack: { test: 0.2, validation: 0.2 },
  },
};
`;

let folder: string;
beforeAll(async () => {
  folder = await workFolder();
  await mkdir(join(folder, 'shop'));
  const goods = PRODUCTS.map(({ id, title }, at) => `${id},${title},${at % 2 ? 'acme' : 'bolt'}`);
  await writeFile(join(folder, 'shop/goods.csv'), `id,title,brand\n${[...goods, 'bare,,acme'].join('\n')}\n`);
  await writeFile(join(folder, 'shop/judged.jsonl'), jsonLines(judged(0, 48)));
  await writeFile(
    join(folder, 'targets.jsonl'),
    jsonLines([...judged(48, 64), { q: 'red lamp', sku: 'gone', stars: '4' }]),
  );
  await writeFile(join(folder, 'other.mjs'), CONFIG);
  await writeFile(join(folder, 'wrong.mjs'), CONFIG.replace('[1, 4]', '[1, 3]'));
});
afterAll(() => removeFolder(folder));

const train = (config: string, ...more: string[]) =>
  towerkit(
    ['train', '--config', config, '--data', 'shop', '--out', 'model', '--threads', '1', '--json', ...more],
    folder,
  );
const search = (text: string, ...more: string[]) =>
  towerkit(['search', '--artifact', 'model', text, '--json', ...more], folder);

describe('another shop, by a config of ten lines that extends search', () => {
  beforeAll(async () => {
    const ended = await train('other.mjs', '--epochs', '5');
    expect(ended).toMatchObject({ status: 0 });
    const { metrics, baselines, leakage, epochs } = lastLine(ended);
    expect(epochs.at(-1)).toMatchObject({ epoch: 5 });
    expect(metrics['mrr@10'].value).toBeGreaterThan(baselines.bm25['mrr@10'].value);
    expect(Object.keys(baselines)).toEqual(['bm25', 'hybrid', 'reciprocal-ranks', 'lsa', 'bm25+lsa']);
    expect(leakage).toMatchObject({ same: 0, respelled: 0 });
    const { recipe } = JSON.parse(await readFile(join(folder, 'model/manifest.json'), 'utf8'));
    expect(recipe).toMatchObject({ name: 'other-shop', search: { tower: { ngrams: [3, 4, 5] } } });
    expect(recipe.extends).toBeUndefined();
  });

  test('is evaluated on a file of judgments with its own columns, and on what it kept apart', async () => {
    const ended = await towerkit(
      ['evaluate', '--artifact', 'model', '--targets', 'targets.jsonl', '--json'],
      folder,
    );
    expect(ended.status).toBe(0);
    const { metrics, baselines, unknown_products, queries, groups } = lastLine(ended);
    expect({ unknown_products, queries }).toEqual({ unknown_products: 1, queries: 17 });
    for (const figures of [metrics, baselines.bm25, baselines.hybrid])
      for (const name of ['ndcg@10', 'recall@10', 'recall@100', 'mrr@10']) {
        expect(figures[name].value).toBeGreaterThanOrEqual(0);
        expect(figures[name].value).toBeLessThanOrEqual(1);
      }
    expect(metrics['recall@100'].value).toBeCloseTo(16 / 17, 5); // nothing finds the product that is not there
    expect(groups['with a word that no product has'].tower['mrr@10'].users).toBe(17);
    const own = await towerkit(['evaluate', '--artifact', 'model', '--json'], folder);
    expect(lastLine(own).targets).toBe('test');
  });

  test('finds products, says what scores are made of, and keeps to a filter', async () => {
    const { items, source } = lastLine(await search('white nail basher', '-k', '3'));
    expect(source).toBe('text');
    expect(items).toHaveLength(3);
    expect(items[0]).toMatchObject({
      title: expect.stringMatching(/claw hammer/),
      tower: expect.any(Number),
    });
    expect(items[0].lexical).toBeGreaterThan(0); // white
    const shown = await search('white nail basher', '--explain');
    expect(shown.stderr + shown.stdout).toMatch(/words +cosine/);
    const kept = lastLine(await search('claw hammer', '--filter', '{"brand":"acme"}')).items;
    const brands = new Set(PRODUCTS.flatMap(({ id }, at) => (at % 2 ? [id] : [])));
    for (const { id } of kept) expect(id === 'bare' || brands.has(id)).toBe(true);
  });

  test('what somebody had shifts the order, and is off by default', async () => {
    const titles = async (...more: string[]) =>
      (lastLine(await search('claw hammer', '-k', '8', ...more)).items as { title: string }[]).map(
        ({ title }) => title,
      );
    const plain = await titles();
    const own = await titles('--history', '00-12,00-18,20-12,20-18,30-12'); // all black
    expect(own.findIndex((title) => title.startsWith('black'))).toBeLessThanOrEqual(
      plain.findIndex((title) => title.startsWith('black')),
    );
    expect(own.sort()).toEqual(plain.sort());
  });

  test.each([
    ['an empty text', ['  '], 'EMPTY_TEXT'],
    ['emoji', ['🔨'], 'EMPTY_TEXT'],
    ['a history of what there is not', ['drill', '--history', 'gone'], 'UNKNOWN_ITEM'],
    ['a filter that is no JSON', ['drill', '--filter', '{'], 'BAD_OPTION'],
    ['a filter by what there is not', ['drill', '--filter', '{"weight":1}'], 'BAD_FILTER'],
  ])('%s', async (_, args, code) => {
    const ended = await search(...(args as [string]));
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(new RegExp(`^error ${code}: .+\n`));
  });

  test('a text of 10,000 characters, and one of a script that no title has', async () => {
    expect((await search('claw hammer '.repeat(850))).status).toBe(0);
    expect(lastLine(await search('молоток'))).toEqual({ items: [], source: 'titles' });
  });
});

test('an index of its own is refused, with the next step', async () => {
  const ended = await towerkit(['index', '--artifact', 'model'], folder);
  expect(ended.status).toBe(2);
  expect(ended.stderr).toMatch(
    /^error NO_VECTORS: .*made when it is opened\n.*search or serve the artifact as it is/m,
  );
});

test('products that came later are found by their words and by what they are asked for', async () => {
  const later = 'id,title,brand\nnew-1,green claw hammer 20 in.,acme\nnew-2,velvet sofa,bolt\n';
  await writeFile(join(folder, 'later.csv'), later);
  const add = () => towerkit(['add-items', '--artifact', 'model', '--items', 'later.csv', '--json'], folder);
  expect(lastLine(await add())).toMatchObject({ added: 2, items: PRODUCTS.length + 3, index: 'none' });
  const [best] = lastLine(await search('velvet sofa')).items;
  expect(best).toMatchObject({ id: 'new-2', title: 'velvet sofa' });
  const found = lastLine(await search('green nail basher', '-k', '3')).items as { id: string }[];
  expect(found.map(({ id }) => id)).toContain('new-1');
  const again = await add();
  expect(again).toMatchObject({ status: 2, stderr: expect.stringMatching(/^error KNOWN_ITEM: /) });
});

test('what is wrong with the data is one line', async () => {
  const label = await train('wrong.mjs');
  expect(label.status).toBe(2);
  expect(label.stderr).toMatch(/^error BAD_LABEL: .*have the label "4"\n/m);
  const nothing = await towerkit(['train', '--config', 'search', '--data', 'shop'], folder);
  expect(nothing.stderr).toMatch(/^error UNKNOWN_DATASET: /m);
});

test('configs that extend each other in a circle', async () => {
  await writeFile(join(folder, 'circle.mjs'), "export default { extends: './circle.mjs', name: 'x' };\n");
  const ended = await train('circle.mjs');
  expect(ended.stderr).toMatch(/^error BAD_CONFIG: extends: /m);
});

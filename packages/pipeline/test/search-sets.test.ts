import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeParquet } from '@towerkit/data';
import { searchSchema } from '@towerkit/search';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkConfig } from '../src/config/check-config.js';
import { locateSearch } from '../src/search/locate-search.js';
import { readSearch } from '../src/search/read-search.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-sets-'));
  for (const name of ['esci', 'wands', 'home-depot']) await mkdir(join(folder, name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const search = searchSchema.parse({});

async function read(set: string, config: object = {}) {
  const own = checkConfig({ name: 'search', search, ...config });
  const located = await locateSearch(own, own.search!, join(folder, set));
  const { judgments, ...rest } = await readSearch(located, own.search!, { onBadRow: 'error' });
  const rows = judgments.queries.names.map((query, row) => [
    query,
    Array.from(judgments.products.subarray(judgments.start[row], judgments.start[row + 1])),
    Array.from(judgments.gains.subarray(judgments.start[row], judgments.start[row + 1]), (gain) =>
      Number(gain.toFixed(3)),
    ),
  ]);
  return { located, judgments, rows, ...rest };
}

describe('sets for search, by their files', () => {
  test('ESCI: one table, letters or words for labels, other locales and the large version beside', async () => {
    // prettier-ignore
    const rows = [
      ['usb c cable', 1, 'B01', 'USB-C Cable', 'Acme', null, null, 'us', 'E', 1, 'train'],
      ['usb c cable', 1, 'B02', 'Lightning Cable', null, 'White', 'short', 'us', 'Substitute', 1, 'train'],
      ['usb c cable', 1, 'B03', null, null, null, null, 'us', 'Irrelevant', 1, 'train'],
      ['cable usb c', 2, 'B01', 'Cable USB-C', 'Acme', null, null, 'es', 'E', 1, 'train'],
      ['#5 envelopes', 3, 'B04', 'Envelopes, "No. 5", 100-Pack', null, null, null, 'us', 'C', 1, 'test'],
      ['#5 envelopes', 3, 'B05', 'Stamps', null, null, null, 'us', 'E', 0, 'test'],
    ] as const;
    const of = (at: number) => rows.map((row) => row[at] as string | null);
    const text = (at: number) => ({ type: 'VARCHAR' as const, values: of(at) });
    const whole = (at: number) => ({
      type: 'INTEGER' as const,
      values: Int32Array.from(rows, (row) => Number(row[at])),
    });
    await writeParquet(join(folder, 'esci/esci.parquet'), {
      ...{ query: text(0), query_id: whole(1), product_id: text(2), product_title: text(3) },
      ...{ product_brand: text(4), product_color: text(5), product_bullet_point: text(6) },
      ...{ product_description: text(6), product_locale: text(7), esci_label: text(8) },
      ...{ small_version: whole(9), split: text(10) },
    });
    const { located, rows: found, texts, catalog } = await read('esci');
    expect(located.name).toBe('esci');
    expect(found).toEqual([
      ['usb c cable', [0, 1, 2], [1, 0.1, 0]],
      ['#5 envelopes', [3], [0.01]],
    ]);
    expect(texts).toEqual(['USB-C Cable', 'Lightning Cable', '', 'Envelopes, "No. 5", 100-Pack', 'Stamps']);
    expect(catalog.table.array('brand')).toEqual(['Acme', null, null, null, null]);
  });

  test('WANDS: tabs in files called .csv, queries by their ids, two of one text', async () => {
    const write = (name: string, lines: string[][]) =>
      writeFile(join(folder, 'wands', name), lines.map((line) => `${line.join('\t')}\n`).join(''));
    await write('query.csv', [
      ['query_id', 'query', 'query_class'],
      ['0', 'salon chair', 'Massage Chairs'],
      ['1', 'salon chair', ''],
      ['2', "kids' bed", 'Beds'],
    ]);
    await write('product.csv', [
      [
        'product_id',
        'product_name',
        'product_class',
        'category hierarchy',
        'product_description',
        'product_features',
      ],
      ['7', '21.7 " w waiting room chair', 'Chairs', 'Furniture / Chairs', 'a, "b"', 'x:1|y:2'],
      ['8', 'bunk bed', '', '', '', ''],
    ]);
    await write('label.csv', [
      ['id', 'query_id', 'product_id', 'label'],
      ['0', '0', '7', 'Exact'],
      ['1', '1', '8', 'Irrelevant'],
      ['2', '2', '8', 'Partial'],
    ]);
    const { rows, titles } = await read('wands');
    expect(rows).toEqual([
      ['salon chair', [0, 1], [1, 0]],
      ["kids' bed", [1], [0.5]],
    ]);
    expect(titles[0]).toBe('21.7 " w waiting room chair');
  });

  test('Home Depot as published: one table in Latin-1, a product on several rows', async () => {
    const at = (name: string) => join(folder, 'home-depot', name);
    const lines = [
      '"id","product_uid","product_title","search_term","relevance"',
      '2,100001,"Simpson Strong-Tie 12-Gauge Angle","angle bracket",3.00',
      '3,100001,"Simpson Strong-Tie 12-Gauge Angle","l bracket",2.50',
      '9,100002,"Caf\xe9 Table, 2 ft.","angle bracket",1.00',
    ];
    await writeFile(at('train.csv'), Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
    for (const name of ['product_descriptions.csv', 'attributes.csv'])
      await writeFile(at(name), 'product_uid\n');
    const { rows, texts } = await read('home-depot');
    expect(rows).toEqual([
      ['angle bracket', [0, 1], [1, 0]],
      ['l bracket', [0], [0.75]],
    ]);
    expect(texts[1]).toBe('Café Table, 2 ft.');
  });

  test('judgments from what was clicked, by the config; targets have gains from 0 to 1 as labels', async () => {
    const at = (name: string) => join(folder, 'clicked', name);
    await mkdir(join(folder, 'clicked'));
    await writeFile(at('goods.csv'), 'id,title\nh,claw hammer\ns,hand saw\n');
    const shown = ['tool,s,1,0', 'tool,h,2,1', 'tool,s,1,0', 'tool,h,1,1', 'saw,s,1,1', 'saw,gone,2,0'];
    await writeFile(at('shown.csv'), `q,sku,place,click\n${shown.join('\n')}\n`);
    const columns = { query: 'q', product: 'sku', position: 'place', clicked: 'click' };
    const { located, rows } = await read('clicked', {
      search: {
        clicks: { file: 'shown.csv', columns, prior: 0 },
        products: { file: 'goods.csv', columns: { id: 'id', title: 'title' } },
      },
    });
    expect(rows).toEqual([
      ['tool', [1, 0], [0, 1]],
      ['saw', [1, -1], [1, 0]],
    ]);
    expect(located.judgments).toMatchObject({
      columns: { query: 'q', product: 'sku', label: 'label' },
      labels: { range: [0, 1] },
    });
  });

  test('a set without judgments, conditions that leave nothing, and no place', async () => {
    const own = {
      file: 'train.csv',
      encoding: 'latin-1',
      columns: { query: 'search_term', product: 'product_uid', label: 'relevance' },
    };
    const judgments = { ...own, labels: { range: [1, 3] }, only: { id: 'none' } };
    await expect(read('home-depot', { search: { judgments } })).rejects.toMatchObject({
      code: 'NO_JUDGMENTS',
    });
    await expect(read('nowhere')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    const config = checkConfig({ name: 'a', search: {} });
    await expect(locateSearch(config, search, undefined)).rejects.toMatchObject({ code: 'NO_DATA' });
    await mkdir(join(folder, 'log'));
    for (const name of ['gowalla.train', 'gowalla.valid']) await writeFile(join(folder, 'log', name), 'x');
    const gowalla = checkConfig({ name: 'a', search: {}, data: { dataset: 'gowalla' } });
    await expect(locateSearch(gowalla, search, join(folder, 'log'))).rejects.toMatchObject({
      code: 'NO_DATA',
    });
  });
});

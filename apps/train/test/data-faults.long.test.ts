import { readArtifact } from '@towerkit/artifact';
import { readTable } from '@towerkit/data';
import { openArtifact } from '@towerkit/recommend';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  ITEMS,
  USERS,
  interactionLines,
  lastLine,
  removeFolder,
  ringConfig,
  towerkit,
  workFolder,
} from './command.js';

let folder: string;
beforeAll(async () => {
  folder = await workFolder();
  await writeFile(join(folder, 'ring.mjs'), ringConfig({ epochs: 1, examples: 0 }));
});
afterAll(() => removeFolder(folder));

const CODES = ['01', '1.0', '1', '1234567890123456789'];

/** A folder of data of its own: the ring's, unless other lines are given. */
async function data(
  name: string,
  { lines = interactionLines(), items = itemLines() }: { lines?: string[]; items?: string[] } = {},
): Promise<string> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'interactions.csv'), lines.join('\n'));
  await writeFile(join(folder, name, 'items.csv'), items.join('\n'));
  return name;
}

function itemLines(
  price: (item: number) => string = (item) => String(item),
  id = (item: number) => `i${item}`,
) {
  const rows = Array.from({ length: ITEMS }, (_, i) => `${id(i)},Item ${i},${CODES[i % 4]},${price(i)}`);
  return ['id,title,kind,price', ...rows];
}

const run = (...args: string[]) => towerkit(args, folder);
const train = (name: string, ...more: string[]) =>
  run('train', '--config', 'ring.mjs', '--data', name, '--out', `${name}.model`, '--json', ...more);

test('categories stay text from the file to the answer, and new ones are counted', async () => {
  const trained = await train(await data('codes'));
  expect(trained.status).toBe(0);
  const artifact = join(folder, 'codes.model');
  const { manifest } = await readArtifact(artifact);
  const { kind } = manifest.model.features as Record<string, { names: string[] }>;
  expect(kind.names.slice(1).sort()).toEqual([...CODES].sort());

  const fresh = [
    '{"id":"n1","title":"a","kind":"01","price":1}',
    '{"id":"n2","title":"b","kind":1.0,"price":2}',
  ];
  fresh.push(
    '{"id":"n3","title":"c","kind":"001","price":3}',
    '{"id":"n4","title":"d","kind":1.00,"price":null}',
  );
  await writeFile(join(folder, 'fresh.jsonl'), fresh.join('\n'));
  const added = await run('add-items', '--artifact', 'codes.model', '--items', 'fresh.jsonl', '--json');
  expect(lastLine(added)).toMatchObject({
    added: 4,
    unseen: { kind: { items: 2, values: { '001': 1, '1.00': 1 } } },
  });
  expect(added.stderr).toContain(
    'kind: 2 of 4 items have a value that training did not know, read as missing: "001" (1), "1.00" (1)',
  );

  const { types, columns } = await readTable(join(artifact, 'items.parquet'));
  expect([types.kind, types.price]).toEqual(['VARCHAR', 'DOUBLE']);
  expect((columns.kind as string[]).slice(-4)).toEqual(['01', '1.0', '001', '1.00']);
  const open = await openArtifact(artifact, { threads: 1 });
  try {
    const places = new Map((columns.id as string[]).map((id, place) => [id, columns.kind[place]]));
    for (const where of [{ kind: { eq: '01' } }, { kind: { in: ['1.0', '001'] } }]) {
      const { items } = await open.recommend(['i1'], 50, { where });
      const wanted: readonly unknown[] = where.kind.in ?? [where.kind.eq];
      expect(new Set(items.map(({ id }) => places.get(id)))).toEqual(new Set(wanted));
    }
  } finally {
    await open.dispose();
  }
});

test('a price that is missing in words is missing; one that is infinite is named by file, line and column', async () => {
  const words = await data('words', { items: itemLines((i) => ['NaN', 'n/a', '', '9.50'][i % 4]) });
  expect((await train(words)).status).toBe(0);
  const { types, columns } = await readTable(join(folder, 'words.model/items.parquet'));
  expect(types.price).toBe('DOUBLE');
  expect([...new Set(columns.price as number[])].sort()).toEqual([9.5, null]);
  const { status, stderr } = await train(
    await data('infinite', { items: itemLines((i) => (i === 7 ? 'Infinity' : '1')) }),
  );
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining('error BAD_ROW: items.csv, line 9: column "price": "Infinity" is not a number'),
  ]);
  const negative = await train(await data('negative', { items: itemLines((i) => (i === 7 ? '-3' : '1')) }));
  expect(negative.stderr).toContain(
    'error BAD_VALUE: column "price", item "i7": -3 is not a finite number above -1',
  );
});

describe('a catalog that does not fit', () => {
  test('is reported with both counts, in words and as JSON', async () => {
    const items = itemLines(undefined, (i) => (i < 3 ? `i${i}.0` : `i${i}`));
    const trained = await train(await data('partly', { items }));
    expect(trained.stderr).toContain(
      'catalog: 3 items with interactions have no row in it, 3 of its rows have no interaction',
    );
    expect(lastLine(trained).dataset.catalog).toEqual({ items_without_row: 3, rows_without_interactions: 3 });
  });

  test('at all is an error', async () => {
    const { status, stdout, stderr } = await train(
      await data('apart', { items: itemLines(undefined, (i) => `${i}.0`) }),
    );
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^error NO_OVERLAP: none of the 40 items with interactions is among the 40 of the catalog$/m,
    );
  });

  test('items that neither training nor the catalog has are never recommended', async () => {
    // The last item of each of these users is taken by nobody else: it is a validation target and nothing besides.
    const lines = interactionLines();
    const extra = Array.from({ length: 5 }, (_, user) => `u${user},ghost${user},99`);
    const name = await data('ghosts', { lines: [...lines, ...extra] });
    const names: Record<string, string[]> = {
      popularity: ['baseline', 'popularity'],
      als: ['baseline', 'als'],
      tower: ['train'],
    };
    for (const [model, command] of Object.entries(names)) {
      const out = `ghosts-${model}`;
      const made = await run(...command, '--config', 'ring.mjs', '--data', name, '--out', out);
      expect(made.status).toBe(0);
      await run('recommend', '--artifact', out, '--all', '--out', `${out}.csv`, '-k', String(ITEMS));
      const all = (await readTable(join(folder, `${out}.csv`))).columns.item as string[];
      expect(new Set(all).size).toBe(ITEMS);
      expect(all.filter((item) => item.startsWith('ghost'))).toEqual([]);
      const one = await run('recommend', '--artifact', out, '--history', 'i1', '-k', '60', '--json');
      expect(
        lastLine(one)
          .items.map(({ id }: { id: string }) => id)
          .filter((id: string) => id.startsWith('ghost')),
      ).toEqual([]);
      expect(lastLine(one).items.length).toBe(ITEMS - 1);
      const open = await openArtifact(join(folder, out), { threads: 1 });
      const popular = await open.recommend([], 60);
      const like = await open.engine.similar({ item: 0, k: 60 });
      await open.dispose();
      expect(popular.items.length).toBe(ITEMS);
      expect(like.items.filter((item) => open.items.nameOf(item).startsWith('ghost'))).toEqual([]);
      const { users } = lastLine(await run('evaluate', '--artifact', out, '--json'));
      expect(users).toBe(USERS); // they stay targets
    }
  });

  test('targets of unknown users and items are counted', async () => {
    const name = await data('known');
    await train(name);
    await writeFile(join(folder, 'targets.csv'), 'who,what\nu0,i39\nu1,nothing\nu1,i38\nnobody,i1\n');
    const evaluated = await run(
      'evaluate',
      '--artifact',
      'known.model',
      '--targets',
      'targets.csv',
      '--json',
    );
    expect(lastLine(evaluated)).toMatchObject({
      left_out: { unknown_user: 1 },
      unknown: { users: 1, user_rows: 1, items: 1, item_rows: 1 },
    });
    expect(evaluated.stderr).toContain('not known: 1 users (1 rows), who are left out, and 1 items (1 rows)');
  });
});

test('each time by its own zone decides the order of a history', async () => {
  const lines = ['who,what,when'];
  for (let user = 0; user < 20; user++)
    lines.push(
      `u${user},i${user % 7},2024-03-01T12:00:00+05:00`, // 07:00
      `u${user},i${7 + (user % 7)},2024-03-01 06:00:00`, // UTC
      `u${user},i${14 + (user % 7)},2024-03-01T02:00-04:30`, // 06:30
      `u${user},i${21 + (user % 7)},2024-03-02`,
    );
  lines.push('u0,i30,2024-03-01 10:00:00 Europe/Berlin');
  const name = await data('zones', { lines });
  const refused = await train(name);
  expect(refused.stderr).toContain(
    'error BAD_ROW: interactions.csv, line 82: column "when": "2024-03-01 10:00:00 Europe/Berlin" is neither',
  );
  const trained = await train(name, '--on-bad-row', 'skip');
  expect(lastLine(trained).dataset).toMatchObject({ interactions: 80, skipped: 1 });
  const { histories, users, items } = await readArtifact(join(folder, 'zones.model'));
  const history = Array.from(histories.row(users.indexOf('u3')!), (item) => items.nameOf(item));
  expect(history).toEqual(['i10', 'i17', 'i3']);
});

test('a quote that swallows rows is reported with its lines; one that never closes stops the training', async () => {
  const swallowing = interactionLines().map((line, i) =>
    i === 11 ? 'u1,"i7,3' : i === 211 ? 'u26,"i9",4' : line,
  );
  const trained = await train(await data('quotes', { lines: swallowing }), '--on-bad-row', 'skip');
  expect(trained.stderr).toContain('1 unusable rows skipped');
  expect(trained.stderr).toContain(
    'one of them is a record of 201 lines, from line 12 of interactions.csv on',
  );
  expect(lastLine(trained).dataset).toMatchObject({
    skipped: 1,
    spanned: { file: 'interactions.csv', line: 12, lines: 201 },
  });
  const open = interactionLines().map((line, i) => (i === 11 ? 'u1,"i7,3' : line));
  const { status, stderr } = await train(await data('unclosed', { lines: open }), '--on-bad-row', 'skip');
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining('error BAD_ROW: interactions.csv, line 12: a quote opens and does not close'),
  ]);
});

test('a user who has everything is left out of AUC and counted', async () => {
  const all = Array.from({ length: ITEMS }, (_, i) => `collector,i${i},${i}`);
  const name = await data('collector', { lines: [...interactionLines(), ...all] });
  await writeFile(join(folder, 'auc.mjs'), ringConfig({ epochs: 1, examples: 0, metrics: ['hr@10', 'auc'] }));
  const flags = ['--config', 'auc.mjs', '--data', name, '--json'];
  for (const command of [['train'], ['baseline', 'popularity']]) {
    const out = `collector-${command[0]}`;
    const trained = await run(...command, ...flags, '--out', out);
    expect(lastLine(trained).metrics.auc).toMatchObject({ users: USERS, undefinedFor: 1 });
    expect(trained.stderr).toContain('auc is undefined for 1 of 61 users, who are left out of it');
    const evaluated = await run('evaluate', '--artifact', out, '--json');
    expect(lastLine(evaluated)).toMatchObject({ users: USERS + 1, left_out: { undefined: { auc: 1 } } });
    expect(evaluated.stderr).toContain('auc is undefined for 1 of 61 users');
  }
  const compared = await run('compare', '--artifacts', 'collector-train,collector-baseline', '--json');
  expect(compared.status).toBe(0);
  expect(compared.stderr).toContain('auc is undefined for 1 of 61 users');
});

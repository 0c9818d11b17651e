import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fullHistories, readArtifact } from '@towerkit/artifact';
import { Rng } from '@towerkit/core';
import { encodeCatalog, encodeInteractions } from '@towerkit/data';
import { createEngine } from '@towerkit/engine';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  buildModel,
  checkConfig,
  evaluateArtifact,
  prepare,
  runFolder,
  shapesOf,
  trainTwoTower,
  updateArtifact,
  type ModelShapes,
} from '../src/index.js';
import { opened, saveBaseline, shopRows } from './toy.js';

const KINDS = 4;
const OLD_ITEMS = 40;
const NEW_ITEMS = 8;
const USERS = 160;

/** A walk of one kind: the next item is that after the last one of the kind. */
function walk(kind: number, from: number, steps: number, items: number): string[] {
  const own = Array.from({ length: items }, (_, item) => item).filter((item) => item % KINDS === kind);
  return Array.from({ length: steps }, (_, step) => `i${own[(from + step) % own.length]}`);
}
const rowOf = (item: number) => ({ id: `i${item}`, title: `thing ${item}`, kind: `kind${item % KINDS}` });

const model = ({ categories }: ModelShapes) =>
  twoTower({
    item: itemTower({ dimensions: 16, categories: { kind: Object.keys(categories).length > 0 ? 4 : 0 } }),
    user: gruTower({ dimensions: 16 }),
    idDropout: 0.1,
  });
const COLUMNS = { user: 'who', item: 'what', time: 'when' };

let folder: string;
const at = (name: string) => join(folder, name);
/** Rows of users and items: what comes after the training, by what it is for. */
const later: { learned: string[]; targets: string[]; old: string[] } = { learned: [], targets: [], old: [] };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-update-'));
  const rng = new Rng(2);
  const rows: { user: string; item: string; time: number }[] = [];
  for (let user = 0; user < USERS; user++) {
    const from = rng.integer(5);
    const items = walk(user % KINDS, from, 7, OLD_ITEMS);
    items.slice(0, 6).forEach((item, time) => rows.push({ user: `u${user}`, item, time }));
    // Of those whom nothing new is known of.
    if (user < USERS / 2 && from < 4) later.old.push(`u${user},${items[6]}`);
  }
  // Half of those who come later are new, and all walk on to the first new item of their kind, or towards it.
  for (let user = USERS / 2; user < USERS * 1.5; user++) {
    const from = 5 + rng.integer(3);
    const all = walk(user % KINDS, from, 5, OLD_ITEMS + NEW_ITEMS);
    all.slice(0, 4).forEach((item, time) => later.learned.push(`u${user},${item},${100 + time}`));
    if (from < 7) later.targets.push(`u${user},${all[4]}`);
  }
  await writeFile(at('later.csv'), ['who,what,when', ...later.learned, ''].join('\n'));
  await writeFile(at('targets.csv'), ['who,what', ...later.targets, ''].join('\n'));
  await writeFile(at('old-targets.csv'), ['who,what', ...later.old, ''].join('\n'));
  const items = Array.from({ length: OLD_ITEMS + NEW_ITEMS }, (_, item) => rowOf(item));
  await writeFile(
    at('items.csv'),
    ['id,title,kind', ...items.map(({ id, title, kind }) => `${id},${title},${kind}`), ''].join('\n'),
  );
  const config = checkConfig({
    ...{ name: 'walks', threads: 1, epochs: 12, batchSize: 128, maxLength: 8, metrics: ['hr@5', 'mrr'] },
    negatives: [{ kind: 'uniform', count: 32 }],
    optimizer: { learningRate: 0.02, schedule: 'constant' },
    data: {
      dataset: {
        columns: COLUMNS,
        catalog: { file: 'items.csv', columns: { id: 'id', title: 'title', kind: 'kind' } },
      },
      features: { categories: { kind: {} } },
    },
  });
  const log = encodeInteractions({
    user: rows.map(({ user }) => user),
    item: rows.map(({ item }) => item),
    time: rows.map(({ time }) => time),
  });
  const dataset = {
    name: 'by hand',
    log,
    catalog: encodeCatalog(items.slice(0, OLD_ITEMS), { kind: 'text' }),
  };
  const prepared = await prepare(dataset, config);
  const engine = await createEngine({ threads: 1 });
  try {
    const built = buildModel({ model }, shapesOf(prepared));
    const run = runFolder(at('kept'));
    for (const [name, more] of [
      ['walks', {}],
      ['kept', { run }],
    ] as const) {
      const trained = await trainTwoTower(prepared, { config, model: built, engine, ...more });
      if (trained.interrupted) throw new Error('interrupted');
      await trained.save(at(name));
    }
  } finally {
    await engine.dispose();
  }
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

const quality = (name: string, targets: string) =>
  opened(at(name), async (artifact) => {
    const { metrics, unknown } = await evaluateArtifact(artifact, { targets: at(targets) });
    return { mrr: metrics.mrr.value, unknown: unknown! };
  });
const update = (name: string, more = {}) =>
  updateArtifact({
    ...{ artifact: at(name), data: at('later.csv'), items: at('items.csv'), model, threads: 1, epochs: 4 },
    ...more,
  });

describe('an artifact that is trained further', () => {
  test('knows new users and items, is better on what comes next, and has not forgotten', async () => {
    const before = await readArtifact(at('walks'));
    const [oldBefore, newBefore] = [
      await quality('walks', 'old-targets.csv'),
      await quality('walks', 'targets.csv'),
    ];
    const said = await update('walks', { out: at('updated') });
    const after = await readArtifact(at('updated'));

    expect(said).toMatchObject({
      applied: true,
      interactions: later.learned.length,
      heldBack: USERS, // the last row of each
      users: { added: USERS / 2, total: USERS * 1.5 },
      skipped: 0,
      withoutRow: 0,
      optimizer: 'fresh',
      index: 'none',
      epochs: 4,
    });
    expect(said.items.added).toBe(KINDS);
    expect(said.items.total).toBe(before.items.size + said.items.added);
    expect(said.replayed).toBeGreaterThan(0);
    expect(said.fitSeconds).toBeLessThan(said.seconds);
    // Ids stay, rows are appended, nothing is held back any more.
    expect(after.users.names.slice(0, before.users.size)).toEqual(before.users.names);
    expect(after.items.names.slice(0, before.items.size)).toEqual(before.items.names);
    const [was, is] = [fullHistories(before), after.histories];
    for (let user = 0; user < before.users.size; user++)
      expect(Array.from(is.row(user)).slice(0, was.row(user).length)).toEqual(Array.from(was.row(user)));
    expect(is.entries).toBe(was.entries + later.learned.length);
    expect([after.validation, after.test]).toEqual([undefined, undefined]);
    expect(Array.from(after.counts)).toEqual(Array.from(is.columnCounts()));
    expect(after.catalog.kind).toEqual(
      after.items.names.map((name) => `kind${Number(name.slice(1)) % KINDS}`),
    );
    expect(after.manifest.dataset).toMatchObject({ users: USERS * 1.5, interactions: is.entries });
    expect(after.manifest.dataset.fingerprint).not.toBe(before.manifest.dataset.fingerprint);

    const [oldAfter, newAfter] = [
      await quality('updated', 'old-targets.csv'),
      await quality('updated', 'targets.csv'),
    ];
    expect(newBefore.unknown.users).toBeGreaterThan(USERS / 4);
    expect(newBefore.unknown.items).toBeGreaterThan(0);
    expect(newAfter.unknown).toMatchObject({ users: 0, items: 0 });
    expect(newAfter.mrr).toBeGreaterThan(newBefore.mrr + 0.3);
    expect(oldAfter.mrr).toBeGreaterThan(oldBefore.mrr - 0.05);
  });

  test('the same rows are not learned twice; the artifact in place is replaced', async () => {
    await update('walks', { out: at('twice') });
    const bytes = await readFile(join(at('twice'), 'weights.safetensors'));
    expect(await update('twice')).toMatchObject({ applied: false, replayed: 0, epochs: 0 });
    expect(await readFile(join(at('twice'), 'weights.safetensors'))).toEqual(bytes);
    await writeFile(at('more.csv'), 'who,what,when\nu1,i3,300\nu1,i7,301\n');
    const more = await update('twice', { data: at('more.csv'), epochs: 1 });
    expect(more).toMatchObject({ applied: true, interactions: 2, users: { added: 0 }, items: { added: 0 } });
    expect((await readArtifact(at('twice'))).manifest.model.updates).toHaveLength(2);
  });

  test('the same seed gives the same weights, another replay others', async () => {
    const weights = async (name: string, more: object) => {
      await update('walks', { out: at(name), epochs: 1, ...more });
      return readFile(join(at(name), 'weights.safetensors'));
    };
    const first = await weights('a', {});
    expect(await weights('b', {})).toEqual(first);
    expect(await weights('c', { replay: 0 })).not.toEqual(first);
  });

  test('goes on with the optimizer of a run that is beside it', async () => {
    expect(await update('kept', { out: at('kept-updated'), epochs: 1 })).toMatchObject({
      optimizer: 'checkpoint',
    });
  });
});

describe('what cannot be used', () => {
  const refusal = (code: string, message = /./) =>
    expect.objectContaining({ code, message: expect.stringMatching(message) });

  test('leaves the artifact as it was', async () => {
    await saveBaseline(at('als'), 'als', shopRows);
    await writeFile(at('strangers.csv'), 'who,what,when\n1,i1,1\n2,i2,1\n');
    await writeFile(at('things.csv'), 'who,what,when\nu1,1,1\nu2,2,1\n');
    await writeFile(at('columns.csv'), 'user,what,when\nu1,i1,1\n');
    await writeFile(at('nothing.csv'), 'who,what,when\n');
    const before = await readFile(join(at('walks'), 'manifest.json'));
    const files = (await readdir(folder)).length;
    const other = () => twoTower({ item: itemTower({ dimensions: 8 }), user: gruTower({ dimensions: 8 }) });
    for (const [more, error] of [
      [{ artifact: at('als') }, refusal('OTHER_MODEL', /of the kind als/)],
      [{ artifact: at('none') }, refusal('ARTIFACT_NOT_FOUND')],
      [{ model: other }, refusal('OTHER_MODEL', /dimensions: 17 then, 9 now/)],
      [{ model: undefined }, refusal('OTHER_MODEL')],
      [{ data: at('strangers.csv') }, refusal('NO_OVERLAP', /users/)],
      [{ data: at('things.csv') }, refusal('NO_OVERLAP', /items/)],
      [{ data: at('columns.csv') }, refusal('MISSING_COLUMN')],
      [{ data: at('nothing.csv') }, refusal('EMPTY_DATA')],
      [{ data: at('absent.csv') }, refusal('FILE_NOT_FOUND')],
      [{ epochs: 0 }, refusal('BAD_OPTION')],
      [{ replay: -1 }, refusal('BAD_OPTION')],
      [{ learningRate: NaN }, refusal('BAD_OPTION')],
    ] as const)
      await expect(update('walks', more)).rejects.toThrow(error);
    const reason = new Error('enough');
    await expect(update('walks', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(await readFile(join(at('walks'), 'manifest.json'))).toEqual(before);
    expect((await readdir(folder)).length).toBe(files);
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { lastLine, removeFolder, towerkit, workFolder } from './command.js';

let folder: string;

beforeAll(async () => {
  folder = await workFolder();
});
afterAll(() => removeFolder(folder));

const USERS = 60;
const ITEMS = 40;
const DAY = 86_400;

/** People who walk around a ring of items: what comes next is easy to learn. */
const steps = Array.from({ length: USERS }, (_, user) =>
  Array.from({ length: 10 }, (_, step) => ({
    ...{ user, step, item: (user + step + Math.floor((step * (user % 3)) / 2)) % ITEMS },
    time: 1_600_000_000 + step * DAY + user * 3600,
  })),
).flat();
const day = (time: number) => new Date(time * 1000).toISOString().slice(0, 10).split('-').reverse().join('.');

/** An empty folder with data beside it. */
async function project(
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<{ cwd: string; data: string }> {
  const [cwd, data] = [join(folder, name), join(folder, `${name}-data`)];
  await mkdir(cwd);
  await mkdir(data);
  for (const [file, text] of Object.entries(files)) await writeFile(join(data, file), text);
  return { cwd, data };
}

describe('files, init --yes, train, recommend', () => {
  test('semicolons, decimal commas, dates of a country, codes with zeros; a catalog and users', async () => {
    const { cwd, data } = await project('semicolons', {
      'kaeufe.csv': [
        'Kunde;Artikel;Menge;Datum',
        ...steps.map(
          ({ user, item, time }) =>
            `K${user};${String(item).padStart(4, '0')};${1 + ((item + user) % 3)},0;${day(time)} 10:00`,
        ),
      ].join('\n'),
      'artikel.csv': [
        'Artikel;Bezeichnung;Preis;Gruppe',
        ...Array.from(
          { length: ITEMS },
          (_, i) => `${String(i).padStart(4, '0')};"Ding Nummer ${i}; gut";${i},5;g${i % 4}`,
        ),
      ].join('\n'),
      'kunden.csv': [
        'Kunde;Geschlecht',
        ...Array.from({ length: USERS }, (_, i) => `K${i};${i % 2 ? 'm' : 'w'}`),
      ].join('\n'),
    });
    const init = await towerkit(['init', '--yes', '--json', data], cwd);
    expect(init.stderr).toContain('Ding Nummer 0; gut');
    expect(lastLine(init)).toMatchObject({
      log: {
        user: { column: 'Kunde' },
        item: { column: 'Artikel' },
        time: { column: 'Datum' },
        weight: { column: 'Menge' },
      },
      catalog: { id: 'Artikel', columns: [{ use: 'title' }, { use: 'number' }, { use: 'category' }] },
      users: { id: 'Kunde', columns: [{ use: 'category' }] },
      name: 'semicolons-data',
    });
    expect(init.status).toBe(0);

    const train = await towerkit(['train', '--threads', '1', '--json'], cwd);
    expect(train.status).toBe(0);
    const { artifact, metrics, baselines, dataset } = lastLine(train);
    expect(dataset).toMatchObject({ users: USERS, items: ITEMS, interactions: steps.length });
    expect(metrics['hr@10'].value).toBeGreaterThan(baselines.popularity['hr@10'].value + 0.2);

    const answer = lastLine(
      await towerkit(['recommend', '--artifact', artifact, '--user', 'K3', '-k', '3', '--json'], cwd),
    );
    expect(answer).toMatchObject({
      source: 'two-tower',
      items: [{ title: expect.stringContaining('Ding Nummer') }, {}, {}],
    });
    expect(answer.items[0].id).toMatch(/^\d{4}$/);
    const words = lastLine(
      await towerkit(['recommend', '--artifact', artifact, '--text', 'Ding Nummer 7', '--json'], cwd),
    );
    expect(words.items).toHaveLength(10);
    const baseline = await towerkit(['baseline', 'popularity', '--json'], cwd);
    expect(lastLine(baseline).artifact).toBe('artifacts/semicolons-data-popularity');
  });

  test('events with kinds in JSON lines', async () => {
    const lines = steps.flatMap(({ user, item, time, step }) =>
      ['view', ...(step % 2 ? ['purchase'] : [])].map((event, i) =>
        JSON.stringify({ visitorid: user, itemid: `p${item}`, event, ts: (time + i) * 1000 }),
      ),
    );
    const { cwd, data } = await project('events', { 'events.jsonl': lines.join('\n') });
    const init = lastLine(await towerkit(['init', '--yes', '--json', join(data, 'events.jsonl')], cwd));
    expect(init).toMatchObject({
      log: { kind: { column: 'event' }, time: { unit: 'milliseconds' } },
      name: 'events',
    });
    const train = lastLine(await towerkit(['train', '--epochs', '1', '--threads', '1', '--json'], cwd));
    const targets = Object.fromEntries(
      train.dataset.feedback.kinds.map(({ kind, ...counts }: { kind: string; targets: number }) => [
        kind,
        counts.targets,
      ]),
    );
    expect(targets).toMatchObject({ view: 0, purchase: expect.any(Number) });
    expect(targets.purchase).toBeGreaterThan(100);
  });

  test('one wide file says of each row what is known of its item and user', async () => {
    const rows = steps.map(
      ({ user, item, time }) =>
        `u${user},${20 + (user % 40)},i${item},A good thing ${item},${item / 4},red|c${item % 5},${time}`,
    );
    const { cwd, data } = await project('wide', {
      'wide.csv': ['who,who_age,sku,label,cost,tags,at', ...rows].join('\n'),
    });
    const init = lastLine(await towerkit(['init', '--yes', '--json', data], cwd));
    expect(init).toMatchObject({ catalog: { of_log: true }, users: { of_log: true } });
    const train = await towerkit(['train', '--epochs', '1', '--threads', '1', '--json'], cwd);
    expect(train.stderr).toContain('table of users: 0 users with interactions have no row');
    expect(lastLine(train).dataset).toMatchObject({ users: USERS, items: ITEMS });
  });

  test('ratings without order, queries with grades, sequences: each gets a model that trains', async () => {
    const words = (i: number) =>
      `${['red', 'blue', 'old'][i % 3]} ${['chair', 'table'][i % 2]} of ${i} parts`;
    const sets = {
      ratings: {
        'r.csv': [
          'user_id,movie_id,rating',
          ...steps.map(({ user, item }) => `${user},${item},${1 + (item % 5)}`),
        ].join('\n'),
      },
      queries: {
        'judged.csv': [
          'query,product_uid,relevance',
          ...steps.map(({ user, item }) => `${words(user)},${item},${1 + (item % 3)}`),
        ].join('\n'),
        'products.csv': [
          'product_uid,product_title',
          ...Array.from({ length: ITEMS }, (_, i) => `${i},"A ${words(i)}, new"`),
        ].join('\n'),
      },
      sequences: {
        's.txt': Array.from({ length: USERS }, (_, user) =>
          [
            user,
            ...steps
              .filter((one) => one.user === user)
              .slice(user % 4)
              .map(({ item }) => item),
          ].join(' '),
        ).join('\n'),
      },
    };
    const kinds: string[] = [];
    for (const [name, files] of Object.entries(sets)) {
      const { cwd, data } = await project(name, files);
      kinds.push(lastLine(await towerkit(['init', '--yes', '--json', data], cwd)).model.kind);
      const train = await towerkit(['train', '--epochs', '1', '--threads', '1', '--json'], cwd);
      expect([name, train.status, train.status === 0 ? '' : train.stderr]).toEqual([name, 0, '']);
    }
    expect(kinds).toEqual(['set', 'queries', 'next']);
  });
});

describe('what init refuses, it leaves nothing of', () => {
  test.each([
    ['empty', '', 'EMPTY_DATA'],
    ['one column', `name\n${'a\nb\n'.repeat(30)}`, 'MISSING_COLUMN'],
  ])('%s', async (name, text, code) => {
    const { cwd, data } = await project(`bad ${name}`, { 'log.csv': text });
    const init = await towerkit(['init', '--yes', join(data, 'log.csv')], cwd);
    expect(init).toMatchObject({ status: 2, stderr: expect.stringContaining(`error ${code}:`) });
    expect(await readdir(cwd)).toEqual([]);
  });

  test('a config that is there is never overwritten', async () => {
    const { cwd, data } = await project('taken', {
      'log.csv': ['user,item,time', ...steps.map(({ user, item, time }) => `${user},${item},${time}`)].join(
        '\n',
      ),
    });
    await writeFile(join(cwd, 'towerkit.config.mjs'), 'mine');
    const init = await towerkit(['init', '--yes', data], cwd);
    expect(init).toMatchObject({ status: 2, stderr: expect.stringContaining('error FOLDER_IN_USE:') });
    expect(await readdir(cwd)).toEqual(['towerkit.config.mjs']);
    expect(await readFile(join(cwd, 'towerkit.config.mjs'), 'utf8')).toBe('mine');
  });
});

test('inspect prints figures and traps, and writes nothing', async () => {
  const rows = steps.map(
    ({ user, item, time, step }) => `${step % 2 ? 'guest' : user},${item},${step % 3 ? time : time * 1000}`,
  );
  const { cwd, data } = await project('look', { 'log.csv': ['user,item,time', ...rows].join('\n') });
  const seen = await towerkit(['inspect', data], cwd);
  for (const part of [
    'Figures',
    '31 users',
    'the user "guest" has 50% of all rows',
    'times in several units',
    `npx towerkit init ${data}`,
  ])
    expect(seen.stdout).toContain(part.replace('31', String(USERS + 1)));
  const { traps, facts } = lastLine(await towerkit(['inspect', data, '--json'], cwd));
  expect(traps.map(({ id }: { id: string }) => id)).toEqual(
    expect.arrayContaining(['one-user', 'time-units']),
  );
  expect(facts).toMatchObject({ rows: steps.length, users: USERS + 1, items: ITEMS });
  expect(await readdir(cwd)).toEqual([]);
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { removeFolder, towerkit, workFolder } from './command.js';

const USERS = 20;
const ITEMS = 8;

/** Everybody takes three neighbors of a ring, one of them twice, dislikes the item across, and then takes another. */
const known = (user: number) => [0, 1, 1, 2].map((step) => `i${(user + step) % ITEMS}`);
const disliked = (user: number) => `i${(user + 4) % ITEMS}`;

function lines(next: (user: number) => string): string {
  const rows = Array.from({ length: USERS }, (_, user) => [
    ...known(user).map((item, step) => `u${user},${item},${step},5`),
    `u${user},${disliked(user)},8,1`,
    `u${user},${next(user)},9,5`,
  ]);
  return ['who,what,at,stars', ...rows.flat(), ''].join('\n');
}

let folder: string;
beforeAll(async () => {
  folder = await workFolder();
});
afterAll(() => removeFolder(folder));

/** Whom `baseline` shows, with what it recommends to them. */
async function shown(repeats: string, next: (user: number) => string): Promise<Map<number, string[]>> {
  const config = {
    name: 'shown',
    data: {
      path: 'log.csv',
      dataset: { columns: { user: 'who', item: 'what', time: 'at', rating: 'stars' } },
      dislikes: { below: 2 },
    },
    split: { kind: 'leave-last-out' },
    metrics: ['mrr'],
    ...{ repeats, examples: 5 },
  };
  await writeFile(join(folder, 'log.csv'), lines(next));
  await writeFile(join(folder, 'shown.json'), JSON.stringify(config));
  const { status, stdout, stderr } = await towerkit(
    ['baseline', 'personal-popularity', '--config', 'shown.json', '--out', 'shown'],
    folder,
  );
  expect([status, stderr]).toEqual([0, expect.any(String)]);
  const found = stdout.matchAll(
    /^u(\d+) had .*\n(?: {4}i\d+\n)+ {2}took next: (i\d+)\n.*\n((?: {4}\d\. .*\n?)+)/gm,
  );
  return new Map(
    Array.from(found, ([, user, target, list]) => {
      expect(target).toBe(next(Number(user)));
      return [Number(user), Array.from(list.matchAll(/\. (i\d+)/g), ([, item]) => item)];
    }),
  );
}

const again = (user: number) => known(user)[0];
const set = (items: Iterable<string>) => [...new Set(items)].sort();

test('who is shown is recommended what the config ranks, where repeats alone are: what was had most often first', async () => {
  const lists = await shown('only', again);
  expect(lists.size).toBe(5);
  for (const [user, list] of lists) {
    expect(list[0]).toBe(known(user)[1]);
    expect(set(list)).toEqual(set(known(user)));
  }
});

test('where they are allowed, everything but dislikes', async () => {
  const lists = await shown('allow', again);
  expect(lists.size).toBe(5);
  for (const [user, list] of lists) {
    expect(set(list.slice(0, 3))).toEqual(set(known(user)));
    expect(list).toHaveLength(5);
    expect(list).not.toContain(disliked(user));
  }
});

test('where they are excluded, what is new and no dislike', async () => {
  const lists = await shown('exclude', (user) => `i${(user + 3) % ITEMS}`);
  expect(lists.size).toBe(5);
  for (const [user, list] of lists) {
    const out = [...known(user), disliked(user)];
    const wanted = Array.from({ length: ITEMS }, (_, item) => `i${item}`).filter(
      (item) => !out.includes(item),
    );
    expect(set(list)).toEqual(wanted);
  }
});

test('whose target is a dislike is left out where repeats are allowed, and counted', async () => {
  await shown('allow', (user) => (user < 3 ? disliked(user) : again(user)));
  const { stdout } = await towerkit(['evaluate', '--artifact', 'shown'], folder);
  expect(stdout).toContain('17 users, validation targets, all items ranked, also those of the history\n');
  expect(stdout).toContain('left out: 3 users with disliked targets alone, 0 unknown users, ');
  expect(stdout).toContain('; 3 targets that the user disliked\n');
});

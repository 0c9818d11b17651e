import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readArtifact } from '@towerkit/artifact';
import { readTable } from '@towerkit/data';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { filesIn, lastLine, removeFolder, towerkit, workFolder, type Ended } from './command.js';

const USERS = 50;
const ITEMS = 30;

/** People who look at the next item of a ring before they buy it, and hide the one across; some send theirs back. */
function lines(change: (line: string, number: number) => string = (line) => line): string {
  const rows: string[] = [];
  for (let user = 0; user < USERS; user++)
    for (let step = 0; step < 6; step++) {
      const item = (user + step) % ITEMS;
      const row = (kind: string, of: number, much: number | string, later: number) =>
        rows.push(`u${user},i${of % ITEMS},${kind},${much},2024-01-${10 + 2 * step}T0${later}:00`);
      row('view', item, 1, 0);
      row('buy', item, step === 2 ? 0 : 1 + (item % 5), 1);
      if (step % 2 === 0) row('hide', item + 15, 1, 2);
      if (user % 10 === 0 && step === 1) row('return', item, 1, 3);
    }
  return ['who,what,how,much,at', ...rows].map(change).join('\n');
}

const kinds = {
  view: { weight: 0.2, target: false },
  buy: {},
  hide: { dislike: true },
  return: { exclude: true },
};
const config = (data: object = {}, columns: object = {}) =>
  `
import { defineConfig, gruTower, itemTower, sampledSoftmax, twoTower } from 'towerkit';
import { dislikes } from '@towerkit/towers';
export default defineConfig({
  name: 'fed',
  data: {
    path: 'log.csv',
    dataset: { columns: ${JSON.stringify({ user: 'who', item: 'what', time: 'at', kind: 'how', weight: 'much', ...columns })} },
    kinds: ${JSON.stringify(kinds)},
    weights: { transform: 'log1p', cap: 4, halfLife: 5 },
    ...${JSON.stringify(data)},
  },
  split: { kind: 'leave-last-two-out' },
  model: () => twoTower({
    item: itemTower({ dimensions: 8 }),
    user: gruTower({ dimensions: 8 }),
    loss: dislikes({ loss: sampledSoftmax() }),
  }),
  negatives: [{ kind: 'uniform', count: 20 }],
  batchSize: 64,
  epochs: 3,
  threads: 1,
  baselines: { als: { factors: 6 } },
});
`;

let folder: string;
let said: Ended;
let trained: any; // eslint-disable-line @typescript-eslint/no-explicit-any
beforeAll(async () => {
  folder = await workFolder();
  await writeFile(join(folder, 'log.csv'), lines());
  await writeFile(join(folder, 'fed.mjs'), config());
  said = await towerkit(['train', '--config', 'fed.mjs', '--out', 'fed', '--json'], folder);
  trained = said.status === 0 ? lastLine(said) : undefined;
});
afterAll(() => removeFolder(folder));

describe('kinds and weights, by the command', () => {
  test('what rows count as is printed and in the JSON', () => {
    expect(said.stderr).toContain('300 rows of the kind view: history\n');
    expect(said.stderr).toContain('300 rows of the kind buy: history, 250 targets\n');
    expect(said.stderr).toContain('150 rows of the kind hide: dislikes\n');
    expect(said.stderr).toContain('150 dislikes, 100 of them to train on\n');
    expect(said.stderr).toContain('5 rows dropped by excludeKinds(return)\n');
    expect(said.stderr).toMatch(/training rows weigh 0\.\d+ to \d\.\d+, 1 on average; 50 weigh nothing\n/);
    expect(said.stderr).toContain("validation targets: 0 repeat the user's history");
    expect(trained.dataset.feedback).toMatchObject({
      kinds: [
        { kind: 'view', rows: 300, history: 300, targets: 0, dislikes: 0 },
        { kind: 'buy', rows: 300, history: 300, targets: 250, dislikes: 0 },
        { kind: 'hide', rows: 150, history: 0, targets: 0, dislikes: 150 },
      ],
      dislikes: { rows: 150, training: 100 },
      weights: { nothing: 50 },
    });
  });

  test('the artifact evaluates to the figures of the training, from its tables and from the file', async () => {
    expect(trained.metrics['hr@10'].users).toBe(USERS);
    const evaluate = async (...args: string[]) =>
      lastLine(await towerkit(['evaluate', '--artifact', 'fed', '--json', ...args], folder));
    const { metrics, left_out } = await evaluate('--on', 'validation');
    for (const [name, { value }] of Object.entries<{ value: number }>(metrics))
      expect(value).toBeCloseTo(trained.metrics[name].value, 5);
    expect(left_out).toMatchObject({ repeat: 0, unknown_user: 0 });
    const last = await evaluate('--on', 'test');
    expect(await evaluate('--on', 'test', '--data', 'log.csv')).toEqual(last);
    await writeFile(join(folder, 'next.csv'), 'who,what\nu0,i7\nu1,i9\nu2,i17\n');
    // u2 hid i17: what is not recommended cannot be found.
    expect(await evaluate('--targets', 'next.csv')).toMatchObject({ users: 2, left_out: { repeat: 1 } });
    expect(await evaluate('--targets', 'next.csv', '--data', 'log.csv')).toMatchObject({ users: 2 });
  });

  test('what was bought or hidden is not recommended, what was only viewed may be', async () => {
    const all = await towerkit(
      ['recommend', '--artifact', 'fed', '--all', '--out', 'all.parquet', '-k', '30'],
      folder,
    );
    expect(all.status).toBe(0);
    const { columns } = await readTable(join(folder, 'all.parquet'));
    const { users, items, feedback } = await readArtifact(join(folder, 'fed'));
    const one = lastLine(
      await towerkit(['recommend', '--artifact', 'fed', '--user', 'u3', '-k', '30', '--json'], folder),
    );
    for (const user of ['u0', 'u3']) {
      const at = Number(user.slice(1));
      const out = new Set(
        Array.from({ length: 6 }, (_, step) => [at + step, ...(step % 2 ? [] : [at + step + 15])]).flat(),
      );
      const wanted = items.names.filter((name) => !out.has(Number(name.slice(1)))).sort();
      const listed = (columns.item as string[]).filter((_, row) => columns.user[row] === user);
      expect([...listed].sort()).toEqual(wanted);
      if (user === 'u3') expect(one.items.map(({ id }: { id: string }) => id)).toEqual(listed);
      const known = users.indexOf(user)!;
      expect([feedback!.train.taken.row(known).length, feedback!.train.disliked.row(known).length]).toEqual([
        4, 2,
      ]);
    }
  });

  test.each([['als'], ['item-knn'], ['popularity']])('%s learns from the same rows', async (name) => {
    const { status, stderr } = await towerkit(
      ['baseline', name, '--config', 'fed.mjs', '--out', name],
      folder,
    );
    expect([status, stderr]).toEqual([0, expect.stringContaining('training rows weigh')]);
    const compared = await towerkit(['compare', '--artifacts', `fed,${name}`, '--json'], folder);
    expect(lastLine(compared).users).toBe(USERS);
  });
});

describe('what cannot be', () => {
  const train = async (log: string, text = config()) => {
    await writeFile(join(folder, 'bad.csv'), log);
    await writeFile(join(folder, 'bad.mjs'), text);
    return (...more: string[]) =>
      towerkit(
        ['train', '--config', 'bad.mjs', '--data', 'bad.csv', '--out', 'bad', '--epochs', '1', ...more],
        folder,
      );
  };

  test('a kind that the config does not name, skipped rows or not', async () => {
    const run = await train(lines((line, number) => (number === 7 ? line.replace(/view|buy/, 'byu') : line)));
    for (const more of [[], ['--on-bad-row', 'skip']]) {
      const { status, stderr } = await run(...more);
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(
          /error UNKNOWN_KIND: bad\.csv, line 8: column "how": there is no kind "byu"\n.*data\.kinds names view, buy, hide, return: is it "buy"\?/,
        ),
      ]);
    }
    expect((await filesIn(folder)).filter((name) => /^bad($|\/)/.test(name))).toEqual([]);
  });

  test('a weight below 0 is a bad row, or skipped', async () => {
    const run = await train(
      lines((line, number) => (number === 3 ? line.replace(/,1,2024/, ',-1,2024') : line)),
    );
    const { status, stderr } = await run();
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining(
        'error BAD_ROW: bad.csv, line 4: column "much": "-1" is not a number from 0 up',
      ),
    ]);
    const skipped = await run('--on-bad-row', 'skip', '--out', 'skipped');
    expect([skipped.status, skipped.stderr]).toEqual([0, expect.stringContaining('1 unusable rows skipped')]);
  });

  test.each([
    ['kinds: say what each kind', config({ kinds: undefined }).replace(/kinds: \{.*\},\n/, '')],
    [
      'dislikes: it needs a column of interactions: data.dataset.columns.rating',
      config({ dislikes: { below: 2 } }),
    ],
    ['kinds: no kind is a target', config({ kinds: { view: { target: false } } })],
  ])('BAD_CONFIG: %s', async (message, text) => {
    const { status, stderr } = await (await train(lines(), text))();
    expect([status, stderr]).toEqual([2, expect.stringMatching(/error BAD_CONFIG: /)]);
    expect(stderr).toContain(`data.${message}`);
  });

  test('the help names the keys', async () => {
    const { stdout } = await towerkit(['train', '--help'], folder);
    for (const key of ['data.kinds', 'data.dislikes', 'data.weights']) expect(stdout).toContain(key);
  });
});

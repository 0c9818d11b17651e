import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rewriteArtifact, verifyArtifact } from '@towerkit/artifact';
import { writeTable } from '@towerkit/data';
import { cp, readFile, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { filesIn, lastLine, removeFolder, towerkit, workFolder } from './command.js';

const KINDS = ['tea', 'lamp', 'novel'];
const WORDS = [
  ['warm', 'fragrant', 'leaves', 'cup'],
  ['bright', 'shade', 'switch', 'bulb'],
  ['story', 'chapter', 'plot', 'author'],
];
const HEAD = 'who,what,stars,said,name,categories';

/** Sixty people, each after one kind of thing, who praise it in its words and give the others few stars. */
function reviewLines(): string[] {
  const lines: string[] = [];
  for (let user = 0; user < 60; user++)
    for (let step = 0; step < 6; step++) {
      const taste = user % 3;
      const item = (user * 7 + step * 5) % 18;
      const kind = item % 3;
      const words = WORDS[kind]
        .map((_, k) => WORDS[kind][(k + user + step) % 4])
        .slice(0, 3)
        .join(' ');
      lines.push(
        `u${user},p${item},${kind === taste ? 5 : 2},${kind === taste ? 'love the' : 'dull'} ${words},${KINDS[kind]} ${item},${KINDS[kind]} ${WORDS[kind].join(' ')}`,
      );
    }
  for (let n = 0; n < 6; n++)
    lines.push(`AN  ANONYMOUS Customer,p${n},4,,${KINDS[n % 3]} ${n},${KINDS[n % 3]}`);
  return lines;
}

const config = (hybrid: object = {}) => `
import { defineConfig } from 'towerkit';
export default defineConfig({
  name: 'reviews',
  data: {
    path: 'data',
    dataset: { file: 'reviews.csv', columns: { user: 'who', item: 'what', rating: 'stars', text: 'said' } },
  },
  threads: 1,
  hybrid: {
    encoder: { kind: 'lsa', dimensions: 8 },
    als: { factors: 4 },
    rating: { epochs: 2, learningRate: 0.001 },
    ranking: { epochs: 1 },
    ...${JSON.stringify(hybrid)},
  },
});
`;

let folder: string;
beforeAll(async () => {
  folder = await workFolder();
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data/reviews.csv'), `${[HEAD, ...reviewLines()].join('\n')}\n`);
  await writeFile(join(folder, 'reviews.mjs'), config());
});
afterAll(() => removeFolder(folder));

const train = (...flags: string[]) => towerkit(['train', '--config', 'reviews.mjs', ...flags], folder);
const recommend = (...flags: string[]) =>
  towerkit(['recommend', '--artifact', 'artifacts/reviews', ...flags], folder);

describe('a hybrid, from its CSV', () => {
  test('one command reads, trains, judges, saves and says how long each stage took', async () => {
    const ended = await train('--json');
    expect(ended.stderr).toContain('no column "brand": product texts name no brand');
    expect(ended.stderr).toContain('no dates: the order of the reviews is a seeded shuffle');
    expect(ended.stderr).toContain('6 reviews are anonymous');
    expect(ended.status).toBe(0);
    const { dataset, ratings, ranking, stages } = lastLine(ended);
    expect(dataset).toEqual({ users: 61, items: 18, interactions: 366 });
    expect(ratings.all.hybrid.rmse.ratings).toBe(73);
    expect(Object.keys(ratings.all)).toEqual([
      'hybrid',
      'global mean',
      'item mean',
      'user + item bias',
      'svd',
    ]);
    expect(Object.keys(ranking.groups.all)).toEqual([
      'hybrid',
      'popularity',
      'als',
      'text similarity',
      'item-knn',
    ]);
    expect(stages.every(({ reused }: { reused: boolean }) => !reused)).toBe(true);
    const files = await filesIn(join(folder, 'artifacts/reviews'));
    for (const name of [
      'als.safetensors',
      'hybrid.safetensors',
      'rating/user.onnx',
      'ranking/head.onnx',
      'reviews.parquet',
    ])
      expect(files).toContain(name);
  });

  test('a second run takes from the first what did not change, and ends alike', async () => {
    const first = JSON.parse(await readFile(join(folder, 'artifacts/reviews/manifest.json'), 'utf8'));
    const ended = await train('--json');
    const { stages, ranking } = lastLine(ended);
    const reused = stages.filter(({ reused }: { reused: boolean }) => reused);
    expect(reused.map(({ stage }: { stage: string }) => stage)).toEqual([
      'texts',
      'als',
      'rating network',
      'ranking network',
    ]);
    expect(ranking.groups.all.hybrid.metrics).toEqual(first.metrics);
    await writeFile(join(folder, 'other.mjs'), config({ ranking: { epochs: 2 } }));
    const other = await towerkit(['train', '--config', 'other.mjs', '--json'], folder);
    const again = lastLine(other).stages.filter(({ reused }: { reused: boolean }) => reused);
    expect(again.map(({ stage }: { stage: string }) => stage)).toEqual(['texts', 'als']);
  });

  test('recommends to a user, with reasons, and to somebody by what they wrote', async () => {
    const known = lastLine(await recommend('--user', 'u3', '-k', '3', '--explain', '--json'));
    expect(known.items).toHaveLength(3);
    expect(known.items[0].rating).toBeGreaterThanOrEqual(1);
    expect(known.items[0].rating).toBeLessThanOrEqual(5);
    expect(known.items[0].reviews[0].text).toMatch(/love|dull/);
    expect(known.items[0].reasons[0].title).toMatch(/tea|lamp|novel/);
    const cold = await recommend('--texts', 'love the story and its author', '-k', '4');
    expect(cold.status).toBe(0);
    expect(cold.stdout).toMatch(/stars {2}p\d+ {2}(tea|lamp|novel) \d+/);
    const nobody = lastLine(await recommend('--user', 'AN  ANONYMOUS Customer', '-k', '2', '--json'));
    expect(nobody.items).toHaveLength(2);
  });

  test('evaluate and compare read it like any artifact', async () => {
    const ended = await towerkit(['evaluate', '--artifact', 'artifacts/reviews', '--json'], folder);
    expect(ended.status).toBe(0);
    expect(lastLine(ended).metrics['ndcg@10'].value).toBeGreaterThan(0);
  });

  test('one whose reviews lack a column, though its checksums fit, is BAD_ARTIFACT', async () => {
    const damaged = join(folder, 'artifacts/damaged');
    await cp(join(folder, 'artifacts/reviews'), damaged, { recursive: true });
    const { manifest } = await verifyArtifact(damaged);
    await rewriteArtifact(damaged, manifest, async (fresh) => {
      await writeTable(join(fresh, 'reviews.parquet'), { user: 'INTEGER' }, [{ user: [0, 1] }]);
    });
    const ended = await towerkit(['recommend', '--artifact', 'artifacts/damaged', '--user', 'u3'], folder);
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining('error BAD_ARTIFACT') });
  });

  test.each([
    ['UNKNOWN_USER', ['--user', 'who is this']],
    ['EMPTY_TEXT', ['--texts', '   ']],
    ['UNKNOWN_ITEM', ['--history', 'p1,p99']],
    ['BAD_USAGE', ['--user', 'u3', '--texts', 'tea']],
    ['BAD_USAGE', ['--texts', 'tea', '--explain']],
    ['BAD_USAGE', ['--user', 'u3', '--diversity', '2']],
  ])('%s for a question that cannot be answered: %j', async (code, flags) => {
    const ended = await recommend(...flags);
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain(`error ${code}`);
  });
});

describe('bad input leaves nothing half-written', () => {
  const reading = async (text: string, ...flags: string[]) => {
    await mkdir(join(folder, 'bad'), { recursive: true });
    await writeFile(join(folder, 'bad/reviews.csv'), text);
    const ended = await train('--data', 'bad', '--out', 'never', ...flags);
    expect((await filesIn(folder)).filter((name) => name.startsWith('never/') || name === 'never')).toEqual(
      [],
    );
    return ended;
  };

  test('a rating outside the scale, which may be skipped', async () => {
    const ended = await reading(`${HEAD}\nann,hat,7,nice,Hat,hats\n`);
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain(
      'error BAD_RATING: "ann" rated "hat" 7, which is outside the scale [1, 5]',
    );
  });

  test('a file without a needed column', async () => {
    const ended = await reading('who,what,stars\nann,hat,4\n');
    expect(ended.stderr).toContain('error MISSING_COLUMN');
    expect(ended.stderr).toContain('"said"');
  });

  test('too few rows to split', async () => {
    const ended = await reading(`${HEAD}\nann,hat,4,nice,Hat,hats\n`);
    expect(ended.stderr).toContain('error EMPTY_SPLIT');
  });

  test('a moment that the data does not know', async () => {
    await writeFile(join(folder, 'hours.mjs'), config({ context: ['hour'] }));
    const ended = await towerkit(['train', '--config', 'hours.mjs', '--out', 'never'], folder);
    expect(ended.stderr).toContain('error MISSING_COLUMN: hybrid.context asks for the hour');
  });
});

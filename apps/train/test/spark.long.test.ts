import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeSafetensors } from '@towerkit/core';
import { readTable } from '@towerkit/data';
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ITEMS, lastLine, removeFolder, towerkit, workFolder, writeRing } from './command.js';

/** A Python with pyspark, pandas, pyarrow and onnxruntime, beside a Java. */
const python = process.env.TOWERKIT_SPARK_PYTHON;
const script = (name: string) => new URL(`../examples/spark/${name}`, import.meta.url).pathname;
const run = promisify(execFile);

/** Runs a job on two workers, each in a process of its own. */
const spark = (name: string, ...args: string[]) =>
  run(python!, [script(name), ...args], {
    cwd: folder,
    env: {
      ...process.env,
      PYSPARK_PYTHON: python,
      PYSPARK_SUBMIT_ARGS:
        '--master local-cluster[2,1,1024] --conf spark.sql.shuffle.partitions=4 --conf spark.ui.enabled=false pyspark-shell',
    },
    maxBuffer: 2 ** 26,
  });

let folder: string;
beforeAll(async () => {
  if (python) folder = await workFolder();
});
afterAll(() => (folder ? removeFolder(folder) : undefined));

type List = { item: string; score: number }[];

/** Lists by user, from Parquet files of user, rank, item and score. */
async function listsOf(files: readonly string[]): Promise<Map<string, List>> {
  const lists = new Map<string, List>();
  for (const file of files) {
    const { rows, columns } = await readTable(file);
    for (let row = 0; row < rows; row++) {
      const user = columns.user[row] as string;
      if (!lists.has(user)) lists.set(user, []);
      lists.get(user)![(columns.rank[row] as number) - 1] = {
        item: columns.item[row] as string,
        score: columns.score[row] as number,
      };
    }
  }
  return lists;
}

(python ? test : test.skip)(
  'a Spark job on two workers gives the lists of recommend --all',
  async () => {
    const { artifact } = lastLine(
      await towerkit(['train', '--config', 'shop', '--epochs', '1', '--out', 'shop', '--json'], folder),
    );
    await towerkit(['recommend', '--artifact', artifact, '--all', '--out', 'ours.parquet'], folder);
    const out = join(folder, 'spark');
    await spark('score_users.py', '--artifact', artifact, '--out', out, '--partitions', '5');
    const parts = (await readdir(out)).filter((name) => name.endsWith('.parquet'));
    expect(parts.length).toBeGreaterThan(1);
    const [ours, theirs] = await Promise.all([
      listsOf([join(folder, 'ours.parquet')]),
      listsOf(parts.map((name) => join(out, name))),
    ]);
    expect([...theirs.keys()].sort()).toEqual([...ours.keys()].sort());
    for (const [user, list] of ours) {
      const other = theirs.get(user)!;
      list.forEach(({ item, score }, place) => {
        expect(Math.abs(other[place].score - score)).toBeLessThan(1e-4);
        // Only items of one score, to the rounding, may change places.
        if (other[place].item !== item)
          expect(list.find((one) => one.item === other[place].item) ?? list.at(-1)!).toMatchObject({
            score: expect.closeTo(score, 4),
          });
      });
    }
  },
  600_000,
);

(python ? test : test.skip)(
  "a tower starts from the factors of Spark's ALS",
  async () => {
    await writeRing(folder);
    const file = join('ring', 'interactions.csv');
    await spark(
      'train_als.py',
      '--interactions',
      file,
      '--user',
      'who',
      '--item',
      'what',
      '--out',
      'factors',
      '--factors',
      '8',
    );
    expect((await readTable(join(folder, 'factors', 'items.parquet'))).rows).toBe(ITEMS);
    await writeFile(
      join(folder, 'started.mjs'),
      `import ring from './ring.mjs';
import { itemTower, mlpTower, twoTower } from 'towerkit';
export default { ...ring, start: { items: { from: 'factors/items.parquet' } }, epochs: 1, optimizer: { learningRate: 1e-6 },
  model: () => twoTower({ item: itemTower({ dimensions: 8 }),
    user: mlpTower({ dimensions: 8, inputs: { history: { kind: 'history', dimensions: 8 } } }) }) };
`,
    );
    const trained = await towerkit(
      ['train', '--config', 'started.mjs', '--json', '--out', 'started'],
      folder,
    );
    expect([trained.status, trained.stderr]).toEqual([0, expect.any(String)]);
    const { tensors } = decodeSafetensors(
      await readFile(join(folder, 'started', 'item_vectors.safetensors')),
    );
    const { columns } = await readTable(join(folder, 'factors', 'items.parquet'));
    const ids = (await readTable(join(folder, 'started', 'items.parquet'))).columns.id;
    const factors = new Map(
      Array.from(columns.id as string[], (id, row) => [id, columns.vector[row] as unknown as Float32Array]),
    );
    const [, width] = tensors.vectors.shape;
    Array.from(ids as string[]).forEach((id, item) => {
      const vector = tensors.vectors.data.subarray(item * width, item * width + 8) as Float32Array;
      expect(cosine(vector, factors.get(id)!)).toBeGreaterThan(0.999);
    });
  },
  600_000,
);

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / Math.sqrt(aa * bb);
}

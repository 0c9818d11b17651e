import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readTable } from '@towerkit/data';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { lastLine, removeFolder, towerkit, workFolder } from './command.js';

/** A Python with pyspark, pandas, pyarrow and onnxruntime, beside a Java. */
const python = process.env.TOWERKIT_SPARK_PYTHON;
const script = new URL('../examples/spark/score_users.py', import.meta.url).pathname;
const run = promisify(execFile);

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
    await run(python!, [script, '--artifact', artifact, '--out', out, '--partitions', '5'], {
      cwd: folder,
      env: {
        ...process.env,
        PYSPARK_PYTHON: python,
        PYSPARK_SUBMIT_ARGS: '--master local-cluster[2,1,1024] pyspark-shell',
      },
      maxBuffer: 2 ** 26,
    });
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
  300_000,
);

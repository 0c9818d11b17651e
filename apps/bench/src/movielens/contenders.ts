import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { CsrMatrix } from '@towerkit/core';
import type { InteractionLog } from '@towerkit/data';
import type { Manifest } from '@towerkit/datasets';
import { openArtifact } from 'towerkit';

import { towerkit } from '../run-towerkit.js';

/** The rows of one run. */
export interface Parts {
  readonly seed: number;
  readonly log: InteractionLog;
  /** Users x items with ratings: all that a model may learn from. */
  readonly train: CsrMatrix;
  /** 1 for those of its rows that choose the tower's epochs, [rows]. */
  readonly validation: Uint8Array;
  readonly test: {
    readonly users: Int32Array;
    readonly items: Int32Array;
    readonly ratings: Float32Array;
  };
}

/** What the two-tower of a bundled config is trained from. */
export interface TowerSource {
  readonly config: string;
  readonly manifest: Manifest;
  /** Folder of the set. */
  readonly data: string;
  /** Where files may be written. */
  readonly folder: string;
}

/**
 * Trains the two-tower of a bundled config by the command on files of these rows, its epochs chosen on the validation rows, and
 * then again on all.
 *
 * @returns folder of the artifact
 */
export function trainTower(
  { seed, log, train, validation }: Omit<Parts, 'test'>,
  { config, manifest, data, folder }: TowerSource,
): string {
  const { users, items } = log;
  const line = (user: number, item: number, rating: number) =>
    `${users.nameOf(user)},${items.nameOf(item)},${rating}\n`;
  const files = { train: ['user_id,item_id,rating\n'], validation: ['user_id,item_id,rating\n'] };
  for (let user = 0; user < train.rows; user++)
    for (let at = train.indptr[user]; at < train.indptr[user + 1]; at++)
      files[validation[at] ? 'validation' : 'train'].push(line(user, train.indices[at], train.values![at]));
  for (const [part, lines] of Object.entries(files))
    writeFileSync(join(folder, `${part}.csv`), lines.join(''));
  // The catalog, the users and vectors beside them.
  for (const name of readdirSync(data))
    if (name !== manifest.interactions!.file) copyFileSync(join(data, name), join(folder, name));
  const dataset = {
    file: 'train.csv',
    heldBack: { validation: 'validation.csv' },
    columns: { user: 'user_id', item: 'item_id', rating: 'rating' },
    catalog: manifest.catalog,
  };
  const bundled = new URL(`../../train/configs/${config}.ts`, import.meta.url).pathname;
  writeFileSync(
    join(folder, 'config.ts'),
    `import bundled from ${JSON.stringify(bundled)};
export default { ...bundled, name: 'tower', split: undefined, examples: 0,
  data: { ...bundled.data, dataset: ${JSON.stringify(dataset)} } };\n`,
  );
  const artifact = join(folder, 'tower');
  const given = ['--config', join(folder, 'config.ts'), '--data', folder, '--out', artifact];
  const { refusal } = towerkit(['train', ...given, '--seed', String(seed), '--refit']);
  if (refusal !== undefined) throw new Error(refusal);
  return artifact;
}

/**
 * Ratings that an artifact predicts.
 *
 * @param featuresOf what is said of somebody that the artifact does not know; nothing by default
 * @returns [rows]
 */
export async function artifactRatings(
  artifact: string,
  { users: userNames, items: itemNames }: InteractionLog,
  { users, items }: Pick<Parts['test'], 'users' | 'items'>,
  featuresOf?: (user: string) => Readonly<Record<string, unknown>>,
): Promise<Float32Array> {
  const open = await openArtifact(artifact);
  try {
    const { engine, users: known, items: listed, histories } = open;
    const rows = new Map<number, number[]>();
    users.forEach((user, row) => rows.set(user, [...(rows.get(user) ?? []), row]));
    const out = new Float32Array(users.length);
    for (const [user, own] of rows) {
      const name = userNames.nameOf(user);
      const id = known.indexOf(name) ?? -1;
      const history = id < 0 ? [] : Array.from(histories.row(id));
      const asked = own.map((row) => listed.indexOf(itemNames.nameOf(items[row]))!);
      const said = id < 0 && featuresOf ? (await engine.ranker.users!.read(featuresOf(name))).row : undefined;
      const ratings = await engine.ranker.ratings!(history, id, asked, undefined, said);
      own.forEach((row, place) => (out[row] = ratings[place]));
    }
    return out;
  } finally {
    await open.dispose();
  }
}

/** Ratings by an algorithm of Surprise, in a Python that has it. @returns [test rows] */
export function surpriseRatings(
  name: string,
  { train, test }: Parts,
  python: string,
  folder: string,
): Float32Array {
  const lines: string[] = [];
  for (let user = 0; user < train.rows; user++)
    for (let at = train.indptr[user]; at < train.indptr[user + 1]; at++)
      lines.push(`${user} ${train.indices[at]} ${train.values![at]}\n`);
  const files = [join(folder, 'surprise-train'), join(folder, 'surprise-test')];
  writeFileSync(files[0], lines.join(''));
  writeFileSync(
    files[1],
    Array.from(test.users, (user, row) => `${user} ${test.items[row]} ${test.ratings[row]}\n`).join(''),
  );
  const peer = new URL('../peers/surprise_ratings.py', import.meta.url).pathname;
  const result = execFileSync(python, [peer, name, ...files, '--predictions'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return Float32Array.from((JSON.parse(result) as { predictions: number[] }).predictions);
}

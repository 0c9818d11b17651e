/**
 * What further training of an artifact gives, beside the old artifact and one trained on everything.
 *
 *     node dist/update.js --data FOLDER [--epochs 4] [--update-epochs 2] [--replay 1] [--seed 0] [--threads 2] [--users 10000] [--share 1]
 *
 * The video-game set knows the order of each user's rows, not their times. The last row of each user is the target. Of the rows before
 * it the last tenth of each user by position is new, what is left of a whole row being drawn; of every fiftieth user all rows are
 * new, so that there are new users. All models are asked after the same histories, new rows included. A row in a thousand is held
 * back in training, so that update and training learn from the same rows. `--share` takes a part of the users, for a quick look.
 */
import { Rng } from '@towerkit/core';
import { readDataset, writeTable } from '@towerkit/data';
import { manifests } from '@towerkit/datasets';
import {
  evaluateArtifact,
  gruTower,
  itemTower,
  modelKinds,
  openArtifact,
  trainRecommender,
  twoTower,
  updateArtifact,
} from 'towerkit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';

const given = flags({
  data: '../../shared/datasets/amazon-video-games-2023',
  epochs: '4',
  'update-epochs': '2',
  replay: '1',
  seed: '0',
  threads: '2',
  users: '10000',
  share: '1',
});
const [epochs, seed, threads] = [Number(given.epochs), Number(given.seed), Number(given.threads)];

const columns = { user: 'user', item: 'item', position: 'position' };
const model = () =>
  twoTower({
    item: itemTower({ dimensions: 64 }),
    user: gruTower({ dimensions: 64, dropout: 0.4, mean: true }),
  });

type Row = readonly [user: string, item: string, position: number];

/** Rows by what they are for. */
async function partsOf(folder: string) {
  const { log } = await readDataset(
    folder,
    manifests.find(({ name }) => name === 'amazon-video-games-2023')!,
  );
  const rowsOf: Row[][] = log.users.names.map(() => []);
  log.user.forEach((user, row) => {
    const own = rowsOf[user];
    own.push([log.users.nameOf(user), log.items.nameOf(log.item[row]), own.length]);
  });
  const rng = new Rng(seed).fork('new');
  const parts: Record<'old' | 'learned' | 'targets', Row[]> = { old: [], learned: [], targets: [] };
  for (const own of rowsOf) {
    if (rng.uniform() >= Number(given.share)) continue;
    const rows = own.slice(0, -1);
    const last = Math.floor(rows.length / 10 + rng.uniform());
    const from = rng.uniform() < 0.02 ? 0 : rows.length - last;
    parts.old.push(...rows.slice(0, from));
    parts.learned.push(...rows.slice(from));
    parts.targets.push(own.at(-1)!);
  }
  return parts;
}

const folder = await mkdtemp(join(tmpdir(), 'towerkit-update-'));
const at = (name: string) => join(folder, name);
async function write(name: string, rows: readonly Row[]) {
  const schema = { user: 'VARCHAR', item: 'VARCHAR', position: 'INTEGER' } as const;
  const column = (place: number) => rows.map((row) => row[place]);
  await writeTable(at(name), schema, [
    { user: column(0) as string[], item: column(1) as string[], position: column(2) as number[] },
  ]);
}

/** Trains on a file; seconds of it. */
async function train(name: string, rows: string): Promise<number> {
  const started = performance.now();
  const trained = await trainRecommender({
    interactions: { path: at(rows), columns },
    ...{ model, windows: 'last', epochs, seed, threads, earlyStopping: false },
    split: { kind: 'random', validation: 0.001 },
    negatives: [{ kind: 'uniform', count: 2048 }],
    metrics: ['hr@10', 'ndcg@10', 'recall@20'],
  });
  await trained.save(at(name));
  await trained.dispose();
  return (performance.now() - started) / 1000;
}

async function report(name: string, artifact: string, seconds: number): Promise<void> {
  const opened = await openArtifact(at(artifact), { kinds: modelKinds, threads });
  try {
    const { metrics, users, unknown } = await evaluateArtifact(opened, {
      ...{ data: at('known.parquet'), targets: at('targets.parquet'), sample: Number(given.users) },
    });
    const figures = Object.entries(metrics).map(
      ([metric, { value, low, high }]) =>
        `${metric} ${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`,
    );
    print(
      `${name}: ${figures.join(', ')}; ${users} users, ${unknown!.items} unknown items; ${seconds.toFixed(0)} s`,
    );
  } finally {
    await opened.dispose();
  }
}

try {
  const { old, learned, targets } = await partsOf(given.data);
  print(
    `${machine()}; ${old.length} rows, ${learned.length} new ones, ${targets.length} targets; seed ${seed}`,
  );
  await write('old.parquet', old);
  await write('new.parquet', learned);
  await write('known.parquet', [...old, ...learned]);
  await write('targets.parquet', targets);
  await report('before', 'before', await train('before', 'old.parquet'));
  const { fitSeconds, ...said } = await updateArtifact({
    ...{ artifact: at('before'), data: at('new.parquet'), out: at('after'), model, threads },
    ...{ epochs: Number(given['update-epochs']), replay: Number(given.replay) },
  });
  print(
    `update: ${said.interactions} new, ${said.heldBack} held back, ${said.replayed} again; ${said.users.added} new users, ` +
      `${said.items.added} new items; fit ${fitSeconds.toFixed(0)} s`,
  );
  await report('after', 'after', said.seconds);
  await report('again on everything', 'again', await train('again', 'known.parquet'));
} finally {
  await rm(folder, { recursive: true, force: true });
}

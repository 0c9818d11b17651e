/**
 * Models side by side on one data set: each fitted by `towerkit` in a process of its own (so that its time and peak
 * memory are its own), then all compared on the same targets.
 *
 *     node dist/leaderboard.js --data FOLDER --config CONFIG --models popularity,item-knn,als,tower [--seeds 1,2,3]
 *
 * `tower` is `towerkit train` with the config; with several seeds it is run once for each. `als:256` is ALS with 256
 * factors. The first model is the one the others are tested against.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';
import { BIN, towerkit, type Estimate } from './run-towerkit.js';

const args = flags({
  data: '../../../shared/datasets/amazon-video-games-2023',
  config: 'amazon-video-games',
  models: 'als:256,popularity,item-knn,user-knn,als,bpr-mf,lightgcn,ease,tower',
  seeds: '1',
  threads: '2',
  out: 'leaderboard',
});
interface Row {
  readonly model: string;
  readonly artifact: string;
  readonly seconds: number;
  readonly peak: number;
}

/** The config with other factors for ALS, in a file of its own. */
async function configWith(factors: number): Promise<string> {
  const path = resolve(args.out, `als-${factors}.mjs`);
  const base = args.config.includes('/')
    ? resolve(args.config)
    : join(dirname(BIN), '../configs', `${args.config}.ts`);
  await writeFile(
    path,
    `import base from ${JSON.stringify(base)};\nexport default { ...base, baselines: { ...base.baselines, als: { ...base.baselines?.als, factors: ${factors} } } };\n`,
  );
  return path;
}

await mkdir(args.out, { recursive: true });
print(`${machine()}; ${args.threads} threads`);
const rows: Row[] = [];
for (const name of args.models.split(','))
  for (const seed of name === 'tower' ? args.seeds.split(',') : ['1']) {
    const [model, factors] = name.split(':');
    const artifact = join(args.out, `${name.replace(':', '-')}-${seed}`);
    const config = factors ? await configWith(Number(factors)) : args.config;
    const common = [
      '--config',
      config,
      '--data',
      args.data,
      '--out',
      artifact,
      '--threads',
      args.threads,
      '--seed',
      seed,
    ];
    const started = performance.now();
    const { result, refusal } = towerkit(
      model === 'tower' ? ['train', ...common] : ['baseline', model, ...common],
    );
    const whole = (performance.now() - started) / 1000;
    if (refusal !== undefined) {
      print(`${name}: ${refusal}`);
      continue;
    }
    const seconds = (result!.fit_seconds as number | undefined) ?? whole;
    rows.push({
      model: `${name} seed ${seed}`,
      artifact,
      seconds,
      peak: (result!.peak_memory_bytes as number) ?? 0,
    });
    print(`${name} seed ${seed}: ${seconds.toFixed(1)} s to fit, ${whole.toFixed(0)} s in all`);
  }

const { result, refusal } = towerkit([
  'compare',
  '--artifacts',
  rows.map(({ artifact }) => artifact).join(','),
]);
if (refusal !== undefined) throw new Error(refusal);
const compared = result as {
  users: number;
  models: { metrics: Record<string, Estimate>; p: Record<string, number> | null }[];
};
print(`\n${compared.users} users; p against ${rows[0].model}`);
compared.models.forEach(({ metrics, p }, i) => {
  const { model, seconds, peak } = rows[i];
  const cells = Object.entries(metrics).map(
    ([name, { value, low, high }]) =>
      `${name} ${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]${p ? ` p ${p[name].toPrecision(2)}` : ''}`,
  );
  print(
    `${model.padEnd(18)} ${cells.join('  ')}  ${seconds.toFixed(1)} s  ${(peak / 2 ** 20).toFixed(0)} MiB`,
  );
});
await writeFile(join(args.out, 'leaderboard.json'), JSON.stringify({ rows, ...compared }, null, 2));

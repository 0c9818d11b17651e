/**
 * The Complete Journey: the shipped config and what a tower may read, beside baselines, on the weeks of November; paired tests
 * against the shipped config. See `configs/complete-journey.mjs`.
 *
 *     node dist/complete-journey.js --shared FOLDER --out FOLDER [--variants histories,...] [--seeds 0,1,2] [--json FILE]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';
import { towerkit, type Estimate } from './run-towerkit.js';

const args = flags({
  shared: '../../../shared/datasets',
  out: '',
  variants: 'histories,products,households,moment,weights',
  seeds: '0,1,2',
  json: '',
});
const CONFIG = fileURLToPath(new URL('../configs/complete-journey.mjs', import.meta.url));
const BASELINES = ['popularity', 'personal-popularity', 'item-knn', 'als'];

interface Compared {
  readonly artifact: string;
  readonly metrics: Readonly<Record<string, Estimate>>;
  readonly p: Readonly<Record<string, number>> | null;
}

const place = (name: string) => join(args.out, name);
const given = ['--config', CONFIG, '--data', join(args.shared, 'complete-journey')];

/** Runs a command of the config's variant, and says how long it took. */
function make(name: string, variant: string, command: readonly string[]): boolean {
  const started = performance.now();
  const { refusal } = towerkit([...command, ...given, '--out', place(name)], { VARIANT: variant });
  print(`${name}: ${refusal ?? `${((performance.now() - started) / 1000).toFixed(0)} s`}`);
  return refusal === undefined;
}

print(machine());
const seeds = args.seeds.split(',');
const made = [
  ...seeds.map((seed) => ({
    name: `shipped-${seed}`,
    variant: 'shipped',
    command: ['train', '--seed', seed],
  })),
  ...BASELINES.map((name) => ({ name, variant: 'shipped', command: ['baseline', name] })),
  ...args.variants
    .split(',')
    .map((name) => ({ name, variant: name, command: ['train', '--seed', seeds[0]] })),
].filter(({ name, variant, command }) => make(name, variant, command));

const tables = ['exclude', 'allow'].map((repeats) => {
  const rows = made.slice(1).flatMap(({ name }, row): Compared[] => {
    const artifacts = [made[0].name, name].map(place).join(',');
    const { result, refusal } = towerkit([
      'compare',
      '--artifacts',
      artifacts,
      '--on',
      'test',
      '--repeats',
      repeats,
    ]);
    if (!result) print(`${name}: ${refusal}`);
    const models = (result?.models ?? []) as Compared[];
    return row === 0 ? models : models.slice(1);
  });
  print(`\nrepeats: ${repeats}`);
  for (const { artifact, metrics, p } of rows) {
    const figures = Object.entries(metrics).map(
      ([metric, { value, low, high }]) =>
        `${metric} ${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]${p ? ` p ${p[metric].toExponential(1)}` : ''}`,
    );
    print(`${artifact.split('/').at(-1)}: ${figures.join('  ')}`);
  }
  return { repeats, rows };
});
if (args.json) writeFileSync(args.json, JSON.stringify({ machine: machine(), tables }, null, 2));

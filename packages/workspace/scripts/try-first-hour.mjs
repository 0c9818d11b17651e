// Publishes every public package to a registry of its own and, for each set, in an empty folder, runs `npx towerkit init --yes FILES`
// and `npx towerkit train` with what npx installs from there. Prints what was guessed right, and a table for the results.
//   node packages/workspace/scripts/try-first-hour.mjs SHARED [FOLDER to work in, kept] [NAME of one set ...]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { makeFiles } from './first-hour/made-files.mjs';
import { judge, setsIn } from './first-hour/sets.mjs';
import { localRegistry } from './publishing/local-registry.mjs';
import { publish, registryEnv, releaseIn } from './publishing/release.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const [shared, kept, ...only] = process.argv.slice(2);
const work = resolve(kept ?? mkdtempSync(join(realpathSync(tmpdir()), 'towerkit-first-hour-')));
const sets = setsIn(resolve(shared, 'datasets'), join(work, 'made')).filter(
  ({ name }) => only.length === 0 || only.includes(name),
);

if (!existsSync(join(work, 'made'))) await makeFiles(join(work, 'made'), ROOT);
const published = existsSync(join(work, 'copy'));
if (!published) releaseIn(ROOT, join(work, 'copy'));
const registry = await localRegistry(join(work, 'registry'));
const rows = [];
try {
  if (!published) publish(ROOT, join(work, 'copy'), registry.npmrc);
  const env = { ...registryEnv(registry.npmrc), npm_config_cache: join(work, 'npm-cache') };
  // The first npx installs the command: measured by itself, in a folder of its own.
  const first = npx(emptyFolder('version'), ['--version'], env);
  console.log(`npx towerkit --version, with its installation: ${first.seconds.toFixed(0)} s`);
  for (const { name, files, expected, metric = 'ndcg@10' } of sets) {
    const folder = emptyFolder(name.replace(/\W+/g, '-'));
    const init = npx(folder, ['init', '--yes', '--json', ...files], env);
    const guessed = init.result
      ? judge(init.result, expected)
      : { right: 0, all: Object.keys(expected).length, wrong: [init.said] };
    const train = init.result ? npx(folder, ['train', '--threads', '1', '--json'], env) : { seconds: 0 };
    const value = train.result?.metrics[metric]?.value;
    rows.push({
      set: name,
      'guessed right': `${guessed.right} of ${guessed.all}`,
      'init, s': init.seconds.toFixed(0),
      'train, s': train.seconds.toFixed(0),
      model: init.result?.model.kind,
      [metric.toUpperCase()]: value?.toFixed(3) ?? 'none',
      beside: Object.entries(train.result?.baselines ?? {})
        .map(([model, figures]) => `${model} ${figures[metric]?.value.toFixed(3)}`)
        .join(', '),
      written: readdirSync(folder).join(' '),
    });
    console.log(JSON.stringify(rows.at(-1)));
    for (const one of guessed.wrong) console.log(`  wrong: ${one}`);
    if (train.said && !train.result) console.log(train.said);
  }
} finally {
  registry.stop();
}
console.table(rows);

function emptyFolder(name) {
  const folder = mkdtempSync(join(mkdirIn(work, 'projects'), `${name}-`));
  return folder;
}

function mkdirIn(parent, name) {
  mkdirSync(join(parent, name), { recursive: true });
  return join(parent, name);
}

/** Runs the command as a user does; its result as JSON, or what it said where it failed. */
function npx(cwd, args, env) {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync('npx', ['--yes', 'towerkit', ...args], {
    ...{ cwd, env, encoding: 'utf8', maxBuffer: 2 ** 28 },
  });
  const seconds = (Date.now() - started) / 1000;
  if (status !== 0) return { seconds, said: stderr.slice(-1500) };
  return {
    seconds,
    ...(args.includes('--json') && { result: JSON.parse(stdout.trimEnd().split('\n').at(-1)) }),
  };
}

/**
 * Tries everything that reads from outside on generated input, for a time.
 *
 *     node dist/fuzz.js --minutes 30 --seed 1 [--only server,data] [--path PATH] [--artifacts FOLDER] [--json FILE]
 *
 * `--only TARGET --seed SEED --path PATH`, as a finding says it, repeats that finding. Ends with 1 where there is
 * one, or where a target had no cases.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Fixtures } from './fixtures/fixtures.js';
import { campaign, type TargetReport } from './run/campaign.js';
import { listed, positive } from './run/flags.js';
import { documentedCodes } from './run/known-codes.js';
import { reportText } from './run/report.js';
import { EVERYTHING, LITTLE, targetsOf } from './targets/targets.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    path: { type: 'string' },
    artifacts: { type: 'string' },
    little: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const print = (text: string) => void process.stdout.write(`${text}\n`);
const all = targetsOf(flags.little ? LITTLE : EVERYTHING, documentedCodes(ROOT));
const minutes = positive('minutes', flags.minutes);
const names = all.map(({ name }) => name);
const only = listed('only', flags.only, names);
const targets = all.filter(({ name }) => only.includes(name));

const fixtures = await Fixtures.open(flags.artifacts && resolve(flags.artifacts));
const reports: TargetReport[] = [];
try {
  for (const name of new Set(targets.flatMap(({ artifacts }) => artifacts))) await fixtures.artifact(name);
  const seconds = (minutes * 60) / targets.length;
  const seed = Number(flags.seed);
  print(`seed ${seed}: ${targets.map(({ name }) => name).join(', ')}, ${seconds.toFixed(0)} s each`);
  for (const target of targets) {
    const report = await campaign(target, fixtures, { seconds, seed, path: flags.path });
    reports.push(report);
    print(reportText([report]));
  }
} finally {
  await fixtures.close();
}
if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify(reports, null, 2));
const found = reports.reduce((sum, { findings }) => sum + findings.length, 0);
print(`${reports.reduce((sum, { cases }) => sum + cases, 0)} cases, ${found} findings`);
process.exitCode = found === 0 && reports.every(({ cases }) => cases > 0) ? 0 : 1;

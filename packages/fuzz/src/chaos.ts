/**
 * Runs a server under load while artifacts are swapped, databases stopped, disks filled, threads ended and connections
 * flooded, and compares what it said with what was true.
 *
 *     node dist/chaos.js --minutes 10 --seed 1 [--stores postgres,sqlite] [--rate 300] [--artifacts FOLDER] [--json FILE]
 *
 * The time is shared by the stores. Ends with 1 where something was wrong.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { chaosTable, isRight } from './chaos/chaos-table.js';
import { postgresPrograms } from './chaos/postgres.js';
import { runChaos, STORES, type ChaosReport } from './chaos/run-chaos.js';
import { Fixtures } from './fixtures/fixtures.js';
import { listed, positive } from './run/flags.js';

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    stores: { type: 'string' },
    rate: { type: 'string', default: '300' },
    artifacts: { type: 'string' },
    json: { type: 'string' },
  },
});

const print = (text: string) => void process.stdout.write(`${text}\n`);
const seconds = positive('minutes', flags.minutes) * 60;
const rate = positive('rate', flags.rate);
const stores = listed('stores', flags.stores, STORES).filter((store) => {
  if (store !== 'postgres' || postgresPrograms !== undefined) return true;
  print('PostgreSQL is not installed: it is left out');
  return false;
});
if (stores.length === 0) throw new Error('there is no store to try');
const fixtures = await Fixtures.open(flags.artifacts && resolve(flags.artifacts));
const reports: ChaosReport[] = [];
try {
  const each = { seconds: seconds / stores.length, seed: Number(flags.seed), rate };
  for (const store of stores) reports.push(await runChaos(fixtures, { store, ...each }));
} finally {
  await fixtures.close();
}
print(chaosTable(reports));
if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify(reports, null, 2));
process.exitCode = reports.every(isRight) ? 0 : 1;

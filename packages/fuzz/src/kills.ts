/**
 * Kills every command that writes at random moments, and has the same command judge what it finds.
 *
 *     node dist/kills.js --kills 50 --seed 1 [--signals SIGKILL,SIGINT,SIGTERM] [--only index,add-items] [--artifacts FOLDER]
 *       [--json FILE]
 *
 * Ends with 1 where something was wrong.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { Fixtures } from './fixtures/fixtures.js';
import { runKills, type KillReport, type Signal } from './kills/run-kills.js';
import { WRITERS } from './kills/writers.js';

const { values: flags } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    signals: { type: 'string', default: 'SIGKILL,SIGINT,SIGTERM' },
    only: { type: 'string' },
    artifacts: { type: 'string' },
    json: { type: 'string' },
  },
});

const only = flags.only?.split(',');
const writers = WRITERS.filter(({ name }) => only?.includes(name) ?? true);
if (writers.length < (only?.length ?? 1))
  throw new Error(`--only takes ${WRITERS.map(({ name }) => name).join(', ')}`);

const fixtures = await Fixtures.open(flags.artifacts && resolve(flags.artifacts));
const reports: KillReport[] = [];
try {
  for (const writer of writers) {
    for (const name of writer.artifacts) await fixtures.artifact(name);
    const signals = flags.signals.split(',') as Signal[];
    const found = await runKills(fixtures, writer, {
      ...{ signals, kills: Number(flags.kills), seed: Number(flags.seed) },
    });
    for (const { writer: name, signal, kills, counts, left, wrong } of found) {
      const { before, after, ended } = counts;
      const text = `${name}, ${kills} x ${signal}: ${before} as before, ${after} new, ${ended} had ended; ${left} left files, ${wrong.length} wrong`;
      process.stdout.write(`${[text, ...wrong].join('\n  ')}\n`);
    }
    reports.push(...found);
  }
} finally {
  await fixtures.close();
}
if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify(reports, null, 2));
process.exitCode = reports.every(({ wrong }) => wrong.length === 0) ? 0 : 1;

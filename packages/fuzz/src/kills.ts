/**
 * Kills every command that writes at random moments, and has the same command judge what it finds.
 *
 *     node dist/kills.js --kills 50 --seed 1 [--signals SIGKILL,SIGINT,SIGTERM] [--only index,add-items] [--artifacts FOLDER]
 *       [--json FILE]
 *
 * Ends with 1 where something was wrong, or where no command was still running when its signal came.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { Fixtures } from './fixtures/fixtures.js';
import { runKills, SIGNALS, type KillReport } from './kills/run-kills.js';
import { WRITERS } from './kills/writers.js';
import { listed, positive } from './run/flags.js';

const { values: flags } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    signals: { type: 'string' },
    only: { type: 'string' },
    artifacts: { type: 'string' },
    json: { type: 'string' },
  },
});

const kills = positive('kills', flags.kills);
const signals = listed('signals', flags.signals, SIGNALS);
const names = WRITERS.map(({ name }) => name);
const only = listed('only', flags.only, names);
const writers = WRITERS.filter(({ name }) => only.includes(name));

const fixtures = await Fixtures.open(flags.artifacts && resolve(flags.artifacts));
const reports: KillReport[] = [];
try {
  for (const writer of writers) {
    for (const name of writer.artifacts) await fixtures.artifact(name);
    const found = await runKills(fixtures, writer, { signals, kills, seed: Number(flags.seed) });
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
const cut = reports.reduce((sum, { kills, counts }) => sum + kills - counts.ended, 0);
if (cut === 0) process.stdout.write('every command had ended before its signal: nothing was tried\n');
process.exitCode = cut > 0 && reports.every(({ wrong }) => wrong.length === 0) ? 0 : 1;

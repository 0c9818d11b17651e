/**
 * Two versions of `towerkit serve` side by side: both run, and requests go to one and the other for a few seconds in turn, so
 * that a machine which slows down slows both. Which server starts first matters on its own: every second round swaps them.
 *
 *     node dist/serving-turns.js --artifact DIR --before ROOT [--rounds 4] [--turns 12] [--seconds 2] [--clients 6]
 *
 * ROOT is a checkout of the other version, built; the version compared with it is this one.
 */
import { resolve } from 'node:path';

import autocannon from 'autocannon';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';
import { questions } from './serving/questions.js';
import { startServer, type BenchServer } from './serving/server.js';

const args = flags({
  ...{ artifact: '', before: '', rounds: '4', turns: '12', seconds: '2', clients: '6' },
});
const [rounds, turns, seconds, clients] = [args.rounds, args.turns, args.seconds, args.clients].map(Number);
const HISTORY = 20;
/** Seconds of load before any is measured. */
const WARM = 4;

interface Turn {
  readonly rate: number;
  readonly latency: number;
}

const bodies = (await questions(args.artifact, HISTORY)).map((history) => JSON.stringify({ history, k: 10 }));

async function load({ url }: BenchServer, duration: number): Promise<Turn> {
  const path = '/v1/recommendations';
  const headers = { 'content-type': 'application/json' };
  const result = await autocannon({
    ...{ url, connections: clients, duration },
    requests: bodies.map((body) => ({ method: 'POST' as const, path, headers, body })),
  });
  const failed = result.errors + result.timeouts + result.non2xx;
  if (failed > 0) throw new Error(`${failed} requests to ${url} failed`);
  return { rate: result.requests.total / result.duration, latency: result.latency.average };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
const geometric = (values: readonly number[]) =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

const ratios: { rate: number[]; latency: number[] } = { rate: [], latency: [] };
print(`${machine()}; ${clients} clients, ${rounds} rounds of ${turns} turns of ${seconds} s`);
for (let round = 0; round < rounds; round++) {
  const roots = { before: resolve(args.before), after: undefined };
  const order = round % 2 === 0 ? (['before', 'after'] as const) : (['after', 'before'] as const);
  const servers: Partial<Record<'before' | 'after', BenchServer>> = {};
  const taken: Record<'before' | 'after', Turn[]> = { before: [], after: [] };
  try {
    for (const name of order) {
      servers[name] = await startServer({ artifacts: [args.artifact] }, roots[name]);
      await load(servers[name], WARM);
    }
    for (let turn = 0; turn < turns; turn++)
      for (const name of turn % 2 === 0 ? order : [...order].reverse())
        taken[name].push(await load(servers[name]!, seconds));
  } finally {
    for (const server of Object.values(servers)) await server.stop();
  }
  const of = (name: 'before' | 'after', what: keyof Turn) => taken[name].map((turn) => turn[what]);
  for (const what of ['rate', 'latency'] as const)
    ratios[what].push(median(of('after', what).map((value, turn) => value / of('before', what)[turn])));
  print(
    `  ${order.join(' first, then ')}: ` +
      (['before', 'after'] as const)
        .map(
          (name) =>
            `${name} ${median(of(name, 'rate')).toFixed(0)}/s, ${median(of(name, 'latency')).toFixed(2)} ms`,
        )
        .join('; '),
  );
}
for (const what of ['rate', 'latency'] as const)
  print(
    `${what} after / before: ${geometric(ratios[what]).toFixed(3)} (rounds ${ratios[what].map((ratio) => ratio.toFixed(2)).join(' ')})`,
  );

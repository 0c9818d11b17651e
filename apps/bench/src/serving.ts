/**
 * HTTP figures of `towerkit serve`: a history of 20 items in, ten out, what was seen left out; 1,000 candidates ranked
 * again by a second artifact or not. One request at a time; the highest rate that one process holds with its p99 under a
 * limit and no error; memory over a soak. Server and load share the machine.
 *
 *     node dist/serving.js --artifact DIR [--rerank DIR] [--parts latency,rate,soak] [--limit 20] [--seconds 60]
 *         [--short 6] [--soak 300] [--connections 16] [--json FILE]
 */
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import autocannon from 'autocannon';
import { openArtifact } from 'towerkit/artifact';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';
import { startServer, type BenchServer } from './serving/server.js';

const args = flags({
  artifact: '',
  rerank: '',
  parts: 'latency,rate,soak',
  limit: '20',
  seconds: '60',
  short: '6',
  soak: '300',
  connections: '16',
  json: '',
});
const HISTORY = 20;
const QUESTIONS = 1000;
/** Requests before any is measured, and those measured one at a time. */
const [WARM, SINGLE] = [200, 1000];
/** A rate counts as held from this share of it on, and is searched for to this factor. */
const [HELD, PRECISION] = [0.98, 1.05];
const [limit, seconds, short, soak, connections] = [
  args.limit,
  args.seconds,
  args.short,
  args.soak,
  args.connections,
].map(Number);
const parts = args.parts.split(',');
const PATH = '/v1/recommendations';
const HEADERS = { 'content-type': 'application/json' };

/** Histories of users who had that many items, their last ones, as ids. */
async function histories(): Promise<string[][]> {
  const { histories, items, model } = await openArtifact(args.artifact);
  const found: string[][] = [];
  for (let user = 0; user < histories.rows && found.length < QUESTIONS; user++) {
    const row = histories.row(user);
    if (row.length >= HISTORY) found.push(Array.from(row.slice(-HISTORY), (item) => items.nameOf(item)));
  }
  await model.dispose?.();
  if (found.length === 0) throw new Error(`nobody in ${args.artifact} had ${HISTORY} items`);
  return found;
}

/** Milliseconds of one request over a connection that stays open. @throws Error unless the answer has ten items */
function once(agent: Agent, url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const sent = request(url + PATH, { agent, method: 'POST', headers: HEADERS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        const took = performance.now() - started;
        const { items } = JSON.parse(text) as { items?: unknown[] };
        if (response.statusCode === 200 && items?.length === 10) resolve(took);
        else reject(new Error(`${response.statusCode}: ${text}`));
      });
    });
    sent.on('error', reject).end(body);
  });
}

async function oneAtATime(url: string, bodies: readonly string[]) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  for (let turn = 0; turn < WARM + SINGLE; turn++) {
    const took = await once(agent, url, bodies[turn % bodies.length]);
    if (turn >= WARM) times.push(took);
  }
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(SINGLE - 1, Math.floor(share * SINGLE))];
  return { p50: at(0.5), p99: at(0.99) };
}

interface Trial {
  readonly rate: number;
  readonly reached: number;
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
  readonly held: boolean;
}

/** A steady rate; a request that could not be sent in time counts from when it should have been. */
async function trial(url: string, bodies: readonly string[], rate: number, duration: number): Promise<Trial> {
  const { latency, requests, errors, timeouts, non2xx } = await autocannon({
    url,
    connections,
    duration,
    overallRate: rate,
    requests: bodies.map((body) => ({ method: 'POST' as const, path: PATH, headers: HEADERS, body })),
  });
  const failed = errors + timeouts + non2xx;
  const reached = requests.total / duration;
  const held = failed === 0 && latency.p99 < limit && reached >= HELD * rate;
  return { rate, reached, p50: latency.p50, p99: latency.p99, errors: failed, held };
}

/** The highest rate that is held: doubled, bisected by short runs, then shown to hold for the whole time. */
async function highestRate(url: string, bodies: readonly string[]): Promise<Trial> {
  let [held, lost] = [0, Infinity];
  while (lost / Math.max(held, 1) > PRECISION) {
    const rate =
      held === 0
        ? Math.min(lost, 80) / (lost < Infinity ? 2 : 1)
        : lost === Infinity
          ? held * 2
          : (held + lost) / 2;
    if (rate < 2) break;
    const short_ = await trial(url, bodies, Math.round(rate), short);
    if (short_.held) held = rate;
    else lost = rate;
  }
  for (let rate = Math.round(held); ; rate = Math.floor(rate * 0.93)) {
    const whole = await trial(url, bodies, rate, seconds);
    if (whole.held || rate < 4) return whole;
    print(`    ${rate}/s does not hold for ${seconds} s: p99 ${whole.p99} ms, ${whole.errors} errors`);
  }
}

/** Resident memory of the server while it answers, and how it grows over the second half. */
async function soaked(server: BenchServer, bodies: readonly string[], rate: number) {
  const load = trial(server.url, bodies, rate, soak);
  const samples: { at: number; mebibytes: number }[] = [];
  const step = Math.max(1, soak / 60);
  for (let at = 0; at < soak; at += step) {
    await sleep(step * 1000);
    samples.push({ at: at + step, mebibytes: await server.memory() });
  }
  const { p99, errors, reached } = await load;
  const late = samples.slice(samples.length >> 1);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(late.map(({ at }) => at)), mean(late.map(({ mebibytes }) => mebibytes))];
  const slope =
    late.reduce((sum, { at, mebibytes }) => sum + (at - x) * (mebibytes - y), 0) /
    late.reduce((sum, { at }) => sum + (at - x) ** 2, 0);
  return { rate, reached, p99, errors, mebibytesAMinute: slope * 60, samples };
}

const asked = (await histories()).map((history) => ({ history, k: 10 }));
const server = await startServer({
  artifacts: [args.artifact],
  ...(args.rerank !== '' && { rerank: args.rerank }),
});
const report: Record<string, unknown> = { machine: machine(), limit, seconds, connections };
try {
  print(
    `${machine()}; load ${loadavg()[0].toFixed(1)}; ${server.items} items, ${asked.length} histories of ${HISTORY}`,
  );
  const settings = args.rerank === '' ? [false] : [false, true];
  let rate = 50;
  for (const rerank of settings) {
    const name = rerank ? '1,000 candidates ranked again' : 'not ranked again';
    const bodies = asked.map((question) => JSON.stringify({ ...question, rerank }));
    const found: Record<string, unknown> = {};
    if (parts.includes('latency')) {
      const single = await oneAtATime(server.url, bodies);
      found.single = single;
      print(`  ${name}: one at a time p50 ${single.p50.toFixed(2)} ms, p99 ${single.p99.toFixed(2)} ms`);
    }
    if (parts.includes('rate')) {
      const best = await highestRate(server.url, bodies);
      found.highest = best;
      if (best.held) rate = best.rate;
      print(
        `  ${name}: ${best.held ? 'holds' : 'does not even hold'} ${best.rate}/s for ${seconds} s: ` +
          `p50 ${best.p50} ms, p99 ${best.p99} ms, ${best.errors} errors`,
      );
    }
    report[rerank ? 'reranked' : 'plain'] = found;
  }
  if (parts.includes('soak')) {
    const bodies = asked.map((question) => JSON.stringify(question));
    const memory = await soaked(server, bodies, Math.max(1, Math.floor(rate / 2)));
    report.soak = memory;
    const { samples, mebibytesAMinute } = memory;
    print(
      `  soak of ${soak} s at ${memory.rate}/s: ${samples[0].mebibytes.toFixed(0)} MiB at first, ` +
        `${samples.at(-1)!.mebibytes.toFixed(0)} at the end, ${mebibytesAMinute.toFixed(2)} MiB a minute over its second ` +
        `half; p99 ${memory.p99} ms, ${memory.errors} errors`,
    );
  }
} finally {
  await server.stop();
}
if (args.json !== '') writeFileSync(args.json, JSON.stringify(report, null, 2));

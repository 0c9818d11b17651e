/**
 * HTTP figures of `towerkit serve`: a history of 20 items in, ten out, what was seen left out; 1,000 candidates ranked
 * again by a second artifact or not. One request at a time; the highest rate that one process holds with its p99 under a
 * limit and no error; memory over a soak. Server and load share the machine.
 *
 *     node dist/serving.js --artifact DIR [--rerank DIR] [--parts latency,rate,soak] [--limit 20] [--seconds 60]
 *         [--short 6] [--soak 300] [--threads N] [--json FILE]
 */
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import autocannon from 'autocannon';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';
import { questions } from './serving/questions.js';
import { startServer, type BenchServer } from './serving/server.js';

const args = flags({
  artifact: '',
  rerank: '',
  parts: 'latency,rate,soak',
  limit: '20',
  seconds: '60',
  short: '6',
  soak: '300',
  threads: '',
  json: '',
});
const HISTORY = 20;
/** Requests before any is measured, and those measured one at a time. */
const [WARM, SINGLE] = [2000, 5000];
const MOST_CLIENTS = 256;
const [limit, seconds, short, soak] = [args.limit, args.seconds, args.short, args.soak].map(Number);
const parts = args.parts.split(',');
const PATH = '/v1/recommendations';
const HEADERS = { 'content-type': 'application/json' };

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
  /** Clients that ask one question after the other. */
  readonly clients: number;
  /** Answers a second. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
  readonly held: boolean;
}

/**
 * So many clients, each asking again as soon as it has its answer. (A steady rate from autocannon comes in bursts, one a
 * second for each connection, and measures those.)
 */
async function trial(
  url: string,
  bodies: readonly string[],
  clients: number,
  duration: number,
): Promise<Trial> {
  const { latency, requests, errors, timeouts, non2xx } = await autocannon({
    url,
    connections: clients,
    duration,
    requests: bodies.map((body) => ({ method: 'POST' as const, path: PATH, headers: HEADERS, body })),
  });
  const failed = errors + timeouts + non2xx;
  const held = failed === 0 && latency.p99 < limit;
  return {
    clients,
    rate: requests.total / duration,
    p50: latency.p50,
    p99: latency.p99,
    errors: failed,
    held,
  };
}

/** The highest rate that is held: clients doubled, bisected by short runs, then shown to hold for the whole time. */
async function highestRate(url: string, bodies: readonly string[]): Promise<Trial> {
  let [held, lost] = [0, Infinity];
  while (lost - held > 1 && held < MOST_CLIENTS) {
    const clients = lost === Infinity ? Math.max(1, 2 * held) : (held + lost) >> 1;
    if ((await trial(url, bodies, clients, short)).held) held = clients;
    else lost = clients;
  }
  for (let clients = Math.max(1, held); ; clients--) {
    const whole = await trial(url, bodies, clients, seconds);
    if (whole.held || clients === 1) return whole;
    print(`    ${clients} clients do not hold for ${seconds} s: p99 ${whole.p99} ms, ${whole.errors} errors`);
  }
}

/** Resident memory of the server while it answers, and how it grows over the second half. */
async function soaked(server: BenchServer, bodies: readonly string[], clients: number) {
  const load = trial(server.url, bodies, clients, soak);
  const samples: { at: number; mebibytes: number }[] = [];
  const step = Math.max(1, soak / 60);
  for (let at = 0; at < soak; at += step) {
    await sleep(step * 1000);
    samples.push({ at: at + step, mebibytes: await server.memory() });
  }
  const { p99, errors, rate } = await load;
  const late = samples.slice(samples.length >> 1);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(late.map(({ at }) => at)), mean(late.map(({ mebibytes }) => mebibytes))];
  const slope =
    late.reduce((sum, { at, mebibytes }) => sum + (at - x) * (mebibytes - y), 0) /
    late.reduce((sum, { at }) => sum + (at - x) ** 2, 0);
  return { clients, rate, p99, errors, mebibytesAMinute: slope * 60, samples };
}

const asked = (await questions(args.artifact, HISTORY)).map((history) => ({ history, k: 10 }));
const server = await startServer({
  artifacts: [args.artifact],
  ...(args.rerank !== '' && { rerank: args.rerank }),
  ...(args.threads !== '' && { threads: Number(args.threads) }),
});
const report: Record<string, unknown> = { machine: machine(), limit, seconds };
try {
  print(
    `${machine()}; load ${loadavg()[0].toFixed(1)}; ${server.items} items, ${asked.length} histories of ${HISTORY}`,
  );
  const settings = args.rerank === '' ? [false] : [false, true];
  let clients = 2;
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
      if (best.held) clients = best.clients;
      print(
        `  ${name}: ${best.held ? 'holds' : 'does not even hold'} ${best.rate.toFixed(0)}/s for ${seconds} s, ${best.clients} clients: ` +
          `p50 ${best.p50} ms, p99 ${best.p99} ms, ${best.errors} errors`,
      );
    }
    report[rerank ? 'reranked' : 'plain'] = found;
  }
  if (parts.includes('soak')) {
    const bodies = asked.map((question) => JSON.stringify(question));
    const memory = await soaked(server, bodies, Math.max(1, clients >> 1));
    report.soak = memory;
    const { samples, mebibytesAMinute } = memory;
    print(
      `  soak of ${soak} s at ${memory.rate.toFixed(0)}/s: ${samples[0].mebibytes.toFixed(0)} MiB at first, ` +
        `${samples.at(-1)!.mebibytes.toFixed(0)} at the end, ${mebibytesAMinute.toFixed(2)} MiB a minute over its second ` +
        `half; p99 ${memory.p99} ms, ${memory.errors} errors`,
    );
  }
} finally {
  await server.stop();
}
if (args.json !== '') writeFileSync(args.json, JSON.stringify(report, null, 2));

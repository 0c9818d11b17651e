import { openStore } from '@towerkit/events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Fixtures } from '../fixtures/fixtures.js';
import { trendOf, type MemorySample, type MemoryTrend } from '../run/memory.js';
import { startServer } from '../server/server.js';
import { Client } from './client.js';
import { Disk } from './disk.js';
import { TROUBLES, type Stage } from './faults.js';
import { Ledger } from './ledger.js';
import { load, watchReadiness, type Question } from './load.js';
import { Postgres } from './postgres.js';
import { Draws } from './random.js';
import { Place } from './versions.js';

/** Stores of events that a server is tried with. */
export const STORES = ['postgres', 'sqlite'] as const;

/** How a chaos run is made. */
export interface ChaosOptions {
  readonly store: (typeof STORES)[number];
  readonly seconds: number;
  readonly seed: number;
  /** Requests a second, about. */
  readonly rate: number;
}

/** What came of it. */
export interface ChaosReport {
  readonly store: string;
  readonly seconds: number;
  /** How often each trouble came; `not possible here` for those that cannot be made. */
  readonly troubles: Readonly<Record<string, number | string>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  /** Acknowledged events that the store does not have. */
  readonly lost: readonly string[];
  readonly answers: number;
  readonly wrongVersion: readonly string[];
  readonly wrongItems: readonly string[];
  readonly stale: number;
  /** Answers with the status 500, and requests without an answer. */
  readonly broken: readonly string[];
  readonly readySamples: number;
  readonly notReady: number;
  readonly readyLies: readonly string[];
  /** Absent where the run was too short for a slope. */
  readonly memory?: MemoryTrend;
  /** Whether the server ended by itself on SIGTERM. */
  readonly endedInTime: boolean;
  /** What went wrong beside. */
  readonly trouble: readonly string[];
}

/** Artifacts that take turns: towers that read texts, so that what is opened late is tried too. */
export const CHAOS_ARTIFACTS = ['text', 'text-2'];
const DISK = 24;
const PAUSE = [500, 3000] as const;
const SAMPLE = 2000;
const SETTLE = 3000;

const QUESTIONS: readonly Question[] = [
  ...Array.from({ length: 12 }, (_, at) => ({ history: [`P00${10 + at}`, `P00${40 + at}`], k: 5 })),
  ...['red mug', 'garden chair', 'music for the evening'].map((text) => ({ text, k: 5 })),
];

/** Runs a server under load while one trouble follows the other, and compares what it said with what was true. */
export async function runChaos(
  fixtures: Fixtures,
  { store, seconds, seed, rate }: ChaosOptions,
): Promise<ChaosReport> {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-chaos-'));
  const started = performance.now();
  const now = () => performance.now() - started;
  const good = await Promise.all(CHAOS_ARTIFACTS.map((name) => fixtures.artifact(name)));
  const expected = await expectedAnswers(folder, good);
  const postgres = store === 'postgres' ? await Postgres.create() : undefined;
  const disk = store === 'sqlite' ? await Disk.mount(join(folder, 'disk'), DISK) : undefined;
  const events = postgres?.url ?? join(folder, 'disk', 'events.db');
  try {
    const place = new Place(folder, good, now);
    await place.swap(good[0]);
    const draws = new Draws(seed);
    await mkdir(join(folder, 'server'));
    const server = await startServer(join(folder, 'server'), {
      ...{ artifacts: [place.path], events, impressions: 'all', watch: 200 },
    });
    const stage: Stage = { server, place, draws, postgres, disk };
    const ledger = new Ledger(place, expected);
    const client = new Client(server.port);
    const stop = new AbortController();
    let disturbed = false;
    const options = {
      client,
      ledger,
      questions: QUESTIONS,
      draws: new Draws(seed + 1),
      rate,
      now,
      quiet: () => !disturbed,
    };
    const samples: MemorySample[] = [];
    const trouble: string[] = [];
    // Caught at once: one that fails while the troubles go on must not end this process.
    const working = Promise.all(
      [
        load(options, stop.signal),
        watchReadiness(options, stop.signal),
        sampleMemory(() => server.memory(), samples, now, stop.signal),
      ].map((work) => work.catch((error: Error) => void trouble.push(error.message))),
    );
    const troubles = await schedule(stage, seconds * 1000, (about) => (disturbed = about), trouble);
    stop.abort();
    await working;
    client.close();
    const endedInTime = await server.stop();
    if (server.process.exitCode !== 0)
      trouble.push(`the server ended with ${await server.ended}: ${server.said().slice(-500)}`);
    return {
      store,
      seconds: now() / 1000,
      troubles,
      statuses: Object.fromEntries(ledger.statuses),
      acknowledged: [...ledger.acknowledged.values()].reduce((sum, { length }) => sum + length, 0),
      lost: await lostEvents(events, ledger.acknowledged),
      answers: ledger.answers,
      wrongVersion: ledger.wrongVersion,
      wrongItems: ledger.wrongItems,
      stale: ledger.stale,
      broken: ledger.broken,
      readySamples: ledger.readySamples,
      notReady: ledger.notReady,
      readyLies: ledger.readyLies,
      memory: trendOf(samples),
      endedInTime,
      trouble,
    };
  } finally {
    await postgres?.remove();
    disk?.unmount();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One trouble after the other, each kind before any comes again, with pauses in which everything must work. */
async function schedule(
  stage: Stage,
  milliseconds: number,
  disturb: (about: boolean) => void,
  failed: string[],
): Promise<Record<string, number | string>> {
  const { draws, server } = stage;
  const counts: Record<string, number | string> = {};
  const possible = Object.keys(TROUBLES).filter((name) => TROUBLES[name].possible?.(stage) ?? true);
  for (const name of Object.keys(TROUBLES)) counts[name] = possible.includes(name) ? 0 : 'not possible here';
  let left: string[] = [];
  for (const ends = performance.now() + milliseconds; performance.now() < ends;) {
    if (left.length === 0) left = [...possible];
    const [name] = left.splice(draws.below(left.length), 1);
    disturb(TROUBLES[name].artifact === true);
    await TROUBLES[name].do(stage).catch((error: Error) => failed.push(`${name}: ${error.message}`));
    disturb(false);
    counts[name] = Number(counts[name]) + 1;
    if (server.process.exitCode !== null || server.process.signalCode !== null) {
      failed.push(`the server ended during ${name}: ${server.said().slice(-2000)}`);
      break;
    }
    await sleep(draws.between(...PAUSE));
  }
  await sleep(SETTLE);
  return counts;
}

async function sampleMemory(
  memory: () => Promise<number>,
  samples: MemorySample[],
  now: () => number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    samples.push({ at: now() / 1000, mebibytes: (await memory()) / 2 ** 20 });
    await sleep(SAMPLE, undefined, { signal }).catch(() => undefined);
  }
}

/** What each artifact answers where nothing disturbs it, by its version. */
async function expectedAnswers(folder: string, good: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const artifact of good) {
    const server = await startServer(folder, { artifacts: [artifact], events: join(folder, 'quiet.db') });
    const client = new Client(server.port);
    const answers: string[] = [];
    let version = '';
    for (const question of QUESTIONS) {
      const { status, body } = await client.send('POST', '/v1/recommendations', question);
      if (status !== 200) throw new Error(`${artifact}: ${status} ${body}`);
      const answer = JSON.parse(body) as { version: string; items: { id: string }[] };
      version = answer.version;
      answers.push(answer.items.map(({ id }) => id).join());
    }
    found.set(version, answers);
    client.close();
    await server.stop();
  }
  return found;
}

const ALL = 10_000_000;

/** Acknowledged events that are not in the store. */
async function lostEvents(
  place: string,
  acknowledged: ReadonlyMap<string, readonly string[]>,
): Promise<string[]> {
  const store = await openStore(place);
  const lost: string[] = [];
  try {
    for (const [user, items] of acknowledged) {
      const kept = new Set((await store.history(user, ALL)).map(({ item }) => item));
      lost.push(...items.filter((item) => !kept.has(item)));
    }
  } finally {
    await store.close();
  }
  return lost;
}

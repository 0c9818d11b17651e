import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Fixtures } from '../fixtures/fixtures.js';
import { trendOf, type MemorySample, type MemoryTrend } from './memory.js';
import type { Fault, Running, Target } from './target.js';

/** A fault with the smallest case that was found for it, and how to see it again. */
export interface Finding extends Fault {
  readonly target: string;
  readonly seed: number;
  /** Where fast-check finds the case under that seed. */
  readonly path: string;
  readonly example: unknown;
  /** Cases that showed it. */
  times: number;
}

/** What came of a target. */
export interface TargetReport {
  readonly target: string;
  readonly cases: number;
  readonly seconds: number;
  readonly findings: readonly Finding[];
  readonly memory?: MemoryTrend;
}

/** How long a target is tried, and from where. */
export interface CampaignOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Only the case at this path under the seed. */
  readonly path?: string;
  /** Ends the target after so many cases; without end by default. */
  readonly cases?: number;
}

/** Cases under one seed; the next seed follows. */
const ROUND = 1000;
/** Longest search for a smaller case. */
const SHRINK = 8000;
const SAMPLE_EVERY = 2000;

/**
 * Tries a target until the time is over. Every fault is reported once, with the smallest case found for it; a fault that
 * is known is only counted, so that it hides no other.
 */
export async function campaign(
  target: Target,
  fixtures: Fixtures,
  { seconds, seed, path, cases: most = Infinity }: CampaignOptions,
): Promise<TargetReport> {
  const folder = await mkdtemp(join(tmpdir(), `towerkit-fuzz-${target.name}-`));
  const cases = await target.cases(fixtures);
  const running = await target.open(fixtures, folder);
  const started = performance.now();
  const ends = started + seconds * 1000;
  const known = new Map<string, Finding>();
  const samples: MemorySample[] = [];
  let tried = 0;
  let sampled = -Infinity;
  const sample = async () => {
    if (performance.now() - sampled < SAMPLE_EVERY) return;
    sampled = performance.now();
    const bytes = await running.memory();
    if (bytes !== undefined)
      samples.push({ at: (performance.now() - started) / 1000, mebibytes: bytes / 2 ** 20 });
  };
  try {
    for (let round = seed; performance.now() < ends && tried < most; round++) {
      const found = await search({ target, running, cases, seed: round, path, ends, known }, () => {
        tried++;
        return tried > most ? undefined : sample();
      });
      if (found) known.set(found.signature, found);
      if (path !== undefined) break;
    }
  } finally {
    await running.close();
    await rm(folder, { recursive: true, force: true });
  }
  return {
    target: target.name,
    cases: tried,
    seconds: (performance.now() - started) / 1000,
    findings: [...known.values()],
    memory: trendOf(samples),
  };
}

interface Search {
  readonly target: Target;
  readonly running: Running<unknown>;
  readonly cases: fc.Arbitrary<unknown>;
  readonly seed: number;
  readonly path?: string;
  readonly ends: number;
  readonly known: Map<string, Finding>;
}

/** Tries cases until one shows a fault that is not known, and makes that case smaller. */
async function search(
  { target, running, cases, seed, path, ends, known }: Search,
  count: () => Promise<void> | undefined,
): Promise<Finding | undefined> {
  let chased: Fault | undefined;
  let shrinkUntil = Infinity;
  const property = fc.asyncProperty(cases, async (tried) => {
    if (!chased && performance.now() > ends) return;
    if (chased && performance.now() > shrinkUntil) return;
    if (!chased) await count();
    const fault = await running.try(tried);
    if (!fault) return;
    const seen = known.get(fault.signature);
    if (seen) return void seen.times++;
    if (chased && fault.signature !== chased.signature) return;
    chased ??= fault;
    if (shrinkUntil === Infinity) shrinkUntil = performance.now() + SHRINK;
    chased = fault;
    throw new Error(fault.signature);
  });
  const details = await fc.check(property, {
    seed,
    ...(path !== undefined && { path }),
    numRuns: ROUND,
    ...(path === undefined && {
      interruptAfterTimeLimit: Math.max(1, ends - performance.now()) + SHRINK,
      markInterruptAsFailure: false,
    }),
  });
  if (!details.failed || !chased) return undefined;
  const [example] = details.counterexample as [unknown];
  return {
    ...(chased as Fault),
    target: target.name,
    seed,
    path: details.counterexamplePath ?? '',
    example,
    times: 1,
  };
}

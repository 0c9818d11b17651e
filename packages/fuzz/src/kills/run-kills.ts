import { verifyArtifact } from '@towerkit/artifact';
import { isTowerkitError, Rng } from '@towerkit/core';
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { TOWERKIT, type Fixtures } from '../fixtures/fixtures.js';
import type { Writer } from './writers.js';

/** Signals that a command is ended with. */
export const SIGNALS = ['SIGKILL', 'SIGINT', 'SIGTERM'] as const;
export type Signal = (typeof SIGNALS)[number];

/** What became of a command that was killed many times. */
export interface KillReport {
  readonly writer: string;
  readonly signal: Signal;
  readonly kills: number;
  /** How often what it writes was as before, how often new; and how often it had ended by itself. */
  readonly counts: { before: number; after: number; ended: number };
  /** How often a killed writer left files, all of which the next one must have removed. */
  readonly left: number;
  /** What was wrong, with the number of the try. */
  readonly wrong: readonly string[];
}

/** An undisturbed run: what the killed ones are compared with. */
interface Undisturbed {
  readonly milliseconds: number;
  /** Changes of files that were seen meanwhile. */
  readonly changes: number;
  readonly names: ReadonlySet<string>;
  /** State of what was written, for a file; an artifact has a time in it. */
  readonly after: string;
}

/** How long a command may take, in milliseconds, whether a signal comes or not. */
const PATIENCE = 120_000;

/**
 * Kills a command at random moments: after a time, or at one of the changes of files that it makes. Then the state must be
 * the old one or the new one, whole; the same command must succeed; and nothing may be left beside what it writes.
 */
export async function runKills(
  fixtures: Fixtures,
  writer: Writer,
  { signals, kills, seed }: { signals: readonly Signal[]; kills: number; seed: number },
): Promise<KillReport[]> {
  const usual = await inPlace(writer, fixtures, (place) => undisturbed(place, writer));
  const reports: KillReport[] = [];
  for (const signal of signals) {
    const counts = { before: 0, after: 0, ended: 0 };
    const wrong: string[] = [];
    let left = 0;
    for (let number = 0; number < kills; number++) {
      const rng = new Rng(seed).fork(`${writer.name} ${signal} ${number}`);
      const moment =
        rng.uniform() < 0.5
          ? { after: rng.uniform() * usual.milliseconds }
          : { changes: 1 + rng.integer(usual.changes) };
      await inPlace(writer, fixtures, async (place) => {
        const before = await stateOf(place, writer);
        const { ended, status } = await runOnce(place, writer, { ...moment, signal });
        if (ended) counts.ended++;
        if ((await leftIn(place, usual)).length > 0) left++;
        const deaf = signal !== 'SIGKILL' && status === 'SIGKILL';
        const fault = deaf
          ? `still running ${PATIENCE / 1000} s after its start`
          : await judge(place, writer, usual, before, (state) => counts[state]++);
        if (fault) wrong.push(`try ${number} (${JSON.stringify(moment)}): ${fault}`);
      });
    }
    reports.push({ writer: writer.name, signal, kills, counts, left, wrong });
  }
  return reports;
}

/** What is wrong after a kill, if anything. */
async function judge(
  place: string,
  writer: Writer,
  usual: Undisturbed,
  before: string,
  count: (state: 'before' | 'after') => void,
): Promise<string | undefined> {
  const state = await stateOf(place, writer);
  count(state === before ? 'before' : 'after');
  const fault = faultOf(state, before, writer.isArtifact ? undefined : usual.after);
  if (fault) return fault;
  const again = await runOnce(place, writer);
  if (again.status !== 0) return `the next command ended with ${again.status}: ${again.stderr.trim()}`;
  const after = await stateOf(place, writer);
  if (after.startsWith('broken') || after === 'absent') return `after the next command: ${after}`;
  if (!writer.isArtifact && after !== usual.after) return 'the next command wrote something else';
  const left = await leftIn(place, usual);
  return left.length > 0 ? `left behind: ${left.join(', ')}` : undefined;
}

/**
 * What is wrong with the state after a kill, if anything.
 *
 * @param whole what an undisturbed run writes; absent where that differs from run to run, as an artifact's version does
 */
export function faultOf(state: string, before: string, whole?: string): string | undefined {
  if (state.startsWith('broken')) return state;
  if (state === before) return undefined;
  if (state === 'absent') return 'what stood there is gone';
  return whole === undefined || state === whole ? undefined : 'neither as before nor whole';
}

/** Version of an artifact, content of a file; `absent`, or `broken` and why. */
async function stateOf(place: string, { out, isArtifact }: Writer): Promise<string> {
  const path = join(place, out);
  if (!isArtifact) return readFile(path, 'utf8').catch(() => 'absent');
  try {
    return (await verifyArtifact(path)).version;
  } catch (error) {
    return isTowerkitError(error, 'ARTIFACT_NOT_FOUND') && !existsSync(path)
      ? 'absent'
      : `broken: ${(error as Error).message}`;
  }
}

/** Names of what an undisturbed run does not leave. */
async function leftIn(place: string, { names }: Pick<Undisturbed, 'names'>): Promise<string[]> {
  // Compiled graphs are kept on purpose, one for each sort of step: a killed run may have had others.
  const left = [...(await namesIn(place))].filter((name) => !names.has(name));
  return left.filter((name) => !/\.run\/graphs(\/[0-9a-f]+\.onnx)?$/.test(name));
}

/** The names in a place; those of TensorBoard's files, which hold a time, only in part. */
async function namesIn(place: string): Promise<Set<string>> {
  const names = await readdir(place, { recursive: true });
  return new Set(names.map((name) => name.replace(/(tfevents)\.[^/]*$/, '$1')));
}

async function undisturbed(place: string, writer: Writer): Promise<Undisturbed> {
  const { status, stderr, milliseconds, changes } = await runOnce(place, writer);
  if (status !== 0) throw new Error(`${writer.name} ended with ${status}: ${stderr}`);
  return {
    ...{ milliseconds, changes: Math.max(1, changes) },
    names: await namesIn(place),
    after: await stateOf(place, writer),
  };
}

/** Runs the command in its place, to its end or to a moment. */
function runOnce(
  place: string,
  { args }: Writer,
  kill?: { readonly signal: Signal; readonly after?: number; readonly changes?: number },
): Promise<{
  status: number | string;
  stderr: string;
  milliseconds: number;
  changes: number;
  ended: boolean;
}> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const env = { ...process.env, NODE_OPTIONS: '', TMPDIR: `${place}.tmp` };
    const child = spawn(process.execPath, [TOWERKIT, ...args], {
      ...{ cwd: place, env, stdio: ['ignore', 'ignore', 'pipe'] },
    });
    let [changes, sent, stderr] = [0, false, ''];
    child.stderr!.setEncoding('utf8').on('data', (part: string) => void (stderr += part));
    const send = () => {
      if (kill && !sent) sent = child.kill(kill.signal);
    };
    const watcher = watch(place, { recursive: true }, () => {
      if (++changes === kill?.changes) send();
    });
    watcher.on('error', () => undefined); // a folder that was gone before it could be looked into
    const timer = kill?.after === undefined ? undefined : setTimeout(send, kill.after);
    const limit = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    child.on('error', reject).on('close', (status, signal) => {
      watcher.close();
      clearTimeout(timer);
      clearTimeout(limit);
      const milliseconds = performance.now() - started;
      resolve({ status: status ?? signal!, stderr, milliseconds, changes, ended: !sent });
    });
  });
}

async function inPlace<T>(
  writer: Writer,
  fixtures: Fixtures,
  work: (place: string) => Promise<T>,
): Promise<T> {
  const top = await mkdtemp(join(tmpdir(), 'towerkit-kills-'));
  const place = join(top, 'place');
  try {
    await mkdir(place);
    await mkdir(`${place}.tmp`);
    await writer.prepare(place, fixtures);
    return await work(place);
  } finally {
    await rm(top, { recursive: true, force: true, maxRetries: 3 });
  }
}

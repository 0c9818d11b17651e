import { decodeSafetensors, encodeSafetensors, TowerkitError, type StoredTensor } from '@towerkit/core';
import { readRegular, writeFileAtomic } from '@towerkit/core/files';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Best } from '../loop/early-stopping.js';
import type { EpochReport } from '../loop/events.js';
import type { EmbeddingTable } from '../tables/embedding-table.js';
import type { ModelState } from '../tables/model-state.js';
import type { Snapshot } from '../tables/snapshot.js';

const VERSION = 1;

export const LAST = 'last.safetensors';
export const BEST = 'best.safetensors';
/** Name of what hard negatives are drawn from. */
const LISTS = 'hard#lists';

/** Where a run stands, beside its weights. */
export interface Progress {
  /** Epoch under way, from 1. */
  epoch: number;
  /** Batches of it that are done. */
  batch: number;
  /** Steps over the whole run. */
  step: number;
  /** Sum of loss times examples, examples, and seconds of the epoch so far. */
  lossSum: number;
  examples: number;
  seconds: number;
  /** Epochs that are done. */
  epochs: EpochReport[];
  best?: Best;
}

/** What makes a checkpoint belong to a run, as JSON can write it: another run's must not be resumed. */
export type RunIdentity = Readonly<Record<string, unknown>>;

const parts = (state: ModelState): [string, EmbeddingTable][] => [
  ...Object.entries(state.parameters).map(([name, { table }]) => [name, table] as [string, EmbeddingTable]),
  ...Object.entries(state.tables),
];

/**
 * Saves a run so that it can go on bit for bit: weights, moments and progress in one file, written whole or not
 * at all.
 *
 * @param lists what hard negatives are drawn from, where there are some
 * @returns false, with the old file untouched, when a weight is not finite
 */
export async function saveCheckpoint(
  folder: string,
  state: ModelState,
  progress: Progress,
  identity: RunIdentity,
  lists?: Int32Array,
): Promise<boolean> {
  const tensors: Record<string, StoredTensor> = {};
  if (lists) tensors[LISTS] = { shape: [lists.length], data: lists };
  for (const [name, { values, first, second }] of parts(state)) {
    if (!values.every(Number.isFinite)) return false;
    for (const [kind, data] of Object.entries({ values, first, second }))
      tensors[`${name}#${kind}`] = { shape: [data.length], data };
  }
  await mkdir(folder, { recursive: true });
  const metadata = {
    version: String(VERSION),
    progress: JSON.stringify(progress),
    run: JSON.stringify(identity),
  };
  await writeFileAtomic(join(folder, LAST), encodeSafetensors(tensors, metadata));
  return true;
}

/** Saves the best epoch's values beside the checkpoint. */
export async function saveBest(folder: string, snapshot: Snapshot): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tensors = Object.fromEntries(
    Object.entries(snapshot).map(([name, data]) => [name, { shape: [data.length], data }]),
  );
  await writeFileAtomic(join(folder, BEST), encodeSafetensors(tensors));
}

/**
 * Puts a saved run back into `state`.
 *
 * @param lists shape of the lists that hard negatives are drawn from, where the run has some
 * @returns its progress, best values and lists; `undefined` when the folder holds no checkpoint
 * @throws TowerkitError `BAD_CHECKPOINT` for a file that is damaged or of another version, `OTHER_RUN` for one
 *   of a run with another model, data or settings, naming what differs
 */
export async function loadCheckpoint(
  folder: string,
  state: ModelState,
  identity: RunIdentity,
  lists: readonly [items: number, ranks: number] = [0, 0],
): Promise<{ progress: Progress; best?: Snapshot; lists?: Int32Array } | undefined> {
  const path = join(folder, LAST);
  const bytes = await readIfThere(path);
  if (!bytes) return undefined;
  const { tensors, metadata } = decode(path, bytes);
  if (metadata.version !== String(VERSION))
    throw bad(path, `it is of version ${metadata.version}, not ${VERSION}`);
  const changed = changedFields(parsed(path, metadata.run), identity);
  if (changed.length > 0)
    throw new TowerkitError(
      'OTHER_RUN',
      `${path} is of another run, which differs in ${changed.join(', ')}`,
      {
        hint: 'resume with the model, data and settings it was started with, or start anew without resume',
        details: { changed },
      },
    );
  for (const [name, moments] of parts(state))
    for (const kind of ['values', 'first', 'second'] as const) {
      const stored = tensors[`${name}#${kind}`]?.data;
      if (!(stored instanceof Float32Array) || stored.length !== moments[kind].length)
        throw bad(path, `"${name}" is missing or of another size`);
      moments[kind].set(stored);
    }
  const progress = parsed(path, metadata.progress) as Progress;
  const stored = tensors[LISTS]?.data;
  const [items, ranks] = lists;
  if (stored && !(stored instanceof Int32Array && stored.length === items * ranks))
    throw bad(path, 'the lists of its hard negatives are of another size');
  if (stored?.some((item) => item < -1 || item >= items))
    throw bad(path, 'the lists of its hard negatives name items that there are not');
  return { progress, best: progress.best && (await loadBest(folder, state)), lists: stored };
}

async function loadBest(folder: string, state: ModelState): Promise<Snapshot | undefined> {
  const path = join(folder, BEST);
  const bytes = await readIfThere(path);
  if (!bytes) return undefined;
  const { tensors } = decode(path, bytes);
  return Object.fromEntries(
    parts(state).map(([name, { values }]) => {
      const data = tensors[name]?.data;
      if (!(data instanceof Float32Array) || data.length !== values.length)
        throw bad(path, `"${name}" is missing or of another size`);
      return [name, data];
    }),
  );
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readRegular(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw bad(path, `it cannot be read: ${(error as Error).message}`, error);
  }
}

function decode(path: string, bytes: Uint8Array) {
  try {
    return decodeSafetensors(bytes);
  } catch (error) {
    throw bad(path, (error as Error).message, error);
  }
}

/** The fields that differ, by their path: `userTower.dropout`. */
function changedFields(saved: unknown, identity: RunIdentity): string[] {
  const differing = (before: unknown, now: unknown, path: string): string[] => {
    if (isRecord(before) && isRecord(now))
      return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name) =>
        differing(before[name], now[name], path ? `${path}.${name}` : name),
      );
    return JSON.stringify(before) === JSON.stringify(now) ? [] : [path];
  };
  return differing(saved, JSON.parse(JSON.stringify(identity)), '');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a text of the metadata says. @throws TowerkitError `BAD_CHECKPOINT` where it is absent or no JSON */
function parsed(path: string, text: string | undefined): unknown {
  try {
    return JSON.parse(text!);
  } catch (cause) {
    throw bad(path, 'its metadata is no JSON', cause);
  }
}

const bad = (path: string, what: string, cause?: unknown) =>
  new TowerkitError('BAD_CHECKPOINT', `${path} is not a usable checkpoint: ${what}`, {
    hint: 'delete it to start anew',
    cause,
  });

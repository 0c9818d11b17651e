import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Matrix, TowerkitError } from '@towerkit/core';
import { threadCount } from '@towerkit/kernels/internal';

import { badIndex } from '../../files/errors.js';
import type { BuildControl, Engine, EngineKind } from '../../memory/engine.js';
import { runBuild } from './build-process.js';
import { FaissEngine } from './faiss-engine.js';
import { loadFaiss } from './faiss-module.js';
import { FILE, IndexFile, removeScratch, scratchFolder } from './index-file.js';
import { noEngine } from './no-engine.js';
import { type FaissSettings, fewestToTrain } from './settings.js';
import { tryIndex } from './trial.js';

/** Vectors to train on: as many as FAISS would take of more, 256 for each center. */
const TRAINING = 65_536;

/** Indexes of FAISS for vectors of a width. @throws TowerkitError `MISSING_DRIVER`, `BAD_OPTION` */
export async function faissKind(
  dimensions: number,
  settings: FaissSettings,
  wantedThreads: number | undefined,
): Promise<EngineKind> {
  const { module: faiss, path: faissPath } = loadFaiss();
  const threads = threadCount(wantedThreads);
  const { factory } = settings;
  const fewest = fewestToTrain(factory);
  const task = { module: faissPath, factory, dimensions };
  await checkFactory(task);

  const engineOf = async (file: IndexFile): Promise<FaissEngine> => {
    const engine = new FaissEngine(faiss, file, settings);
    const value = settings.ef ?? settings.nprobe;
    if (value !== undefined) await engine.set(value);
    return engine;
  };

  async function build(vectors: Matrix, { onProgress, signal }: BuildControl): Promise<Engine> {
    const { rows, data } = vectors;
    if (rows < fewest) return noEngine({ ...settings });
    const folder = await scratchFolder();
    const input = join(folder, 'vectors.f32');
    const out = join(folder, FILE);
    try {
      await writeFile(input, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).catch(noRoom);
      const training = Math.min(rows, Math.max(TRAINING, 256 * fewest));
      await runBuild(
        { ...task, rows, training, vectors: input, out },
        {
          threads,
          signal,
          onAdded: (done) => onProgress?.({ stage: 'build', done, total: rows, unit: 'vectors' }),
        },
      );
      await rm(input);
      return await engineOf(await IndexFile.open(out, folder));
    } catch (error) {
      await removeScratch(folder);
      throw error;
    }
  }

  async function load(folder: string, used: number): Promise<Engine> {
    const path = join(folder, FILE);
    if (!existsSync(path)) return noEngine({ ...settings });
    const file = await IndexFile.open(path);
    try {
      const { header } = file;
      if (header === undefined || header.dimensions !== dimensions || !(header.vectors <= used))
        throw badIndex(`${FILE} is no index of at most ${used} vectors of ${dimensions} values`);
      await tryIndex({ module: faissPath, file: path, dimensions });
      return await engineOf(file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  return { name: 'faiss', settings: { ...settings }, build, load: ({ folder }, used) => load(folder, used) };
}

/** Milliseconds for FAISS to make an empty index: it may lose itself in an odd factory. */
const CHECK_TIMEOUT = 30_000;

/** Factories that FAISS has been seen to know. */
const known = new Map<string, Promise<void>>();

function checkFactory(task: { module: string; factory: string; dimensions: number }): Promise<void> {
  const key = JSON.stringify(task);
  let check = known.get(key);
  if (check === undefined) {
    check = runBuild({ ...task, rows: 0 }, { threads: 1, timeout: CHECK_TIMEOUT });
    known.set(key, check);
    check.catch(() => known.delete(key));
  }
  return check;
}

function noRoom(cause: Error): never {
  throw new TowerkitError('UNWRITABLE', `cannot write in the temporary folder: ${cause.message}`, {
    hint: 'set TMPDIR to a folder with room for the vectors twice over',
    cause,
  });
}

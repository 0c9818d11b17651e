import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { isTowerkitError, Matrix, TowerkitError } from '@towerkit/core';
import { readRegular, writeFileAtomic } from '@towerkit/core/files';

import { decodeSegment, encodeSegment, type Owner, type Segment } from './segment.js';

/** A file of the store; whatever else lies in its folder is left alone. */
const SEGMENT = /^[0-9a-f-]{36}\.safetensors$/;
/** Files with fewer vectors than this are merged... */
const SMALL = 8192;
/** ... once there are so many of them. */
const MANY = 16;

interface Place {
  readonly vectors: Matrix;
  readonly row: number;
}

/**
 * Vectors by key in a folder of immutable files. A write adds a file; a merge writes what several hold into one, then
 * removes them. A reader that finds a file gone looks again: what it held is in a newer one. So no locks are needed, and
 * nothing is lost whoever else writes.
 */
export class VectorStore {
  readonly #places = new Map<string, Place>();
  /** Files that were read, by name, with their number of vectors. */
  readonly #files = new Map<string, number>();

  constructor(
    private readonly folder: string,
    private readonly owner: Owner,
  ) {}

  /** Reads what was added since the last time, by whomever. */
  async open(): Promise<void> {
    for (let gone = true; gone;) {
      gone = false;
      for (const file of await this.#list()) {
        if (this.#files.has(file)) continue;
        const segment = await this.#read(file);
        if (segment === undefined) gone = true;
        else this.#take(file, segment);
      }
    }
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** Copies the vector of a key that is there. */
  copy(key: string, out: Float32Array): void {
    const { vectors, row } = this.#places.get(key)!;
    out.set(vectors.row(row));
  }

  /** @throws TowerkitError `UNWRITABLE`; nothing is then added */
  async add(keys: readonly string[], vectors: Matrix): Promise<void> {
    await mkdir(this.folder, { recursive: true }).catch((cause: Error) => {
      throw new TowerkitError('UNWRITABLE', `cannot make ${this.folder}: ${cause.message}`, {
        hint: 'choose a folder that you may write to',
        cause,
      });
    });
    await this.#write({ keys, vectors });
    await this.#merge();
  }

  async #write(segment: Segment): Promise<void> {
    const file = `${randomUUID()}.safetensors`;
    await writeFileAtomic(join(this.folder, file), encodeSegment(segment, this.owner));
    this.#take(file, segment);
  }

  async #merge(): Promise<void> {
    const small = [...this.#files].filter(([, count]) => count < SMALL).map(([file]) => file);
    if (small.length < MANY) return;
    const vectors = new Map<string, Float32Array>();
    const merged: string[] = [];
    for (const file of small) {
      const segment = await this.#read(file);
      this.#files.delete(file);
      if (segment === undefined) continue; // somebody else merged it
      segment.keys.forEach((key, row) => vectors.set(key, segment.vectors.row(row)));
      merged.push(file);
    }
    const all = new Matrix(vectors.size, this.owner.dimensions);
    [...vectors.values()].forEach((vector, row) => all.data.set(vector, row * all.cols));
    await this.#write({ keys: [...vectors.keys()], vectors: all });
    for (const file of merged) await rm(join(this.folder, file), { force: true });
  }

  #take(file: string, { keys, vectors }: Segment): void {
    this.#files.set(file, keys.length);
    keys.forEach((key, row) => this.#places.set(key, { vectors, row }));
  }

  async #list(): Promise<string[]> {
    try {
      return (await readdir(this.folder)).filter((name) => SEGMENT.test(name)).sort();
    } catch (cause) {
      // Where a file stands in the way there is nothing to read; writing will say so.
      if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code!)) return [];
      throw bad(this.folder, `cannot be read: ${(cause as Error).message}`, cause);
    }
  }

  async #read(file: string): Promise<Segment | undefined> {
    const path = join(this.folder, file);
    const bytes = await readRegular(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return null;
      throw bad(path, cause.message, cause);
    });
    if (bytes === null) return undefined;
    if (!bytes) throw bad(path, 'it is not a regular file');
    try {
      return decodeSegment(bytes, this.owner);
    } catch (cause) {
      throw bad(path, isTowerkitError(cause) ? cause.message : String(cause), cause);
    }
  }
}

const bad = (path: string, what: string, cause?: unknown) =>
  new TowerkitError('BAD_CACHE', `${path}: ${what}`, {
    hint: 'remove it: a cache only holds what can be encoded again',
    details: { path },
    cause,
  });

import { decodeSafetensors, encodeSafetensors, Matrix } from '@towerkit/core';
import { readRegular } from '@towerkit/core/files';
import { type ScanResult, ListScan } from '@towerkit/kernels';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { badIndex } from '../../files/errors.js';
import type { Engine } from '../../memory/engine.js';
import type { Tunable } from '../../vector-index.js';
import type { IvfSettings } from './settings.js';

const FILE = 'lists.safetensors';

/** An inverted file over int8 codes. Items that come later are left to the scan until the next build. */
export class IvfEngine implements Engine {
  readonly exactScores = false;
  #nprobe: number;

  constructor(
    private readonly lists: ListScan,
    private readonly kept: IvfSettings,
    readonly covered: number,
  ) {
    this.#nprobe = kept.nprobe;
  }

  /** What {@link save} wrote. @throws TowerkitError `BAD_INDEX`, `SHAPE_MISMATCH` */
  static async load(
    folder: string,
    dimensions: number,
    settings: IvfSettings,
    used: number,
    threads: number | undefined,
  ): Promise<IvfEngine> {
    const { tensors, metadata } = decodeSafetensors(await readRegular(join(folder, FILE)));
    const { means, starts, slots, scales, codes } = tensors;
    const covered = Number(metadata.covered);
    if (!(slots?.data instanceof Int32Array && slots.data.every((slot) => slot < used) && covered <= used))
      throw badIndex('its lists are not of its items');
    const lists = await ListScan.from(
      {
        means: new Matrix(means.shape[0], dimensions, means.data as Float32Array),
        starts: starts.data as Int32Array,
        slots: slots.data,
        scales: scales.data as Float32Array,
        codes: codes.data as Uint8Array,
      },
      threads,
    );
    return new IvfEngine(lists, settings, covered);
  }

  get bytes(): number {
    return this.lists.bytes;
  }

  get settings(): Readonly<Record<string, unknown>> {
    return { ...this.kept, lists: this.lists.lists, nprobe: this.#nprobe };
  }

  get tunable(): Tunable {
    const most = this.lists.lists;
    return {
      name: 'nprobe',
      values: [...NPROBES.filter((value) => value < most), most],
      value: this.#nprobe,
      set: (value) => void (this.#nprobe = value),
    };
  }

  async add(): Promise<void> {}

  search(query: Float32Array, count: number): ScanResult {
    return this.lists.search(query, candidatesFor(count), this.#nprobe);
  }

  searchBatch(queries: Matrix, count: number): Promise<ScanResult[]> {
    return this.lists.searchBatch(queries, candidatesFor(count), this.#nprobe);
  }

  async save(folder: string): Promise<void> {
    const { means, starts, slots, scales, codes } = this.lists.stored();
    const vector = <T extends Int32Array | Float32Array | Uint8Array>(data: T) => ({
      shape: [data.length],
      data,
    });
    const bytes = encodeSafetensors(
      {
        means: { shape: [means.rows, means.cols], data: means.data },
        starts: vector(starts),
        slots: vector(slots),
        scales: vector(scales),
        codes: vector(codes),
      },
      { covered: String(this.covered) },
    );
    await writeFile(join(folder, FILE), bytes);
  }

  close(): Promise<void> {
    return this.lists.close();
  }
}

/** Candidates to score exactly, as many as the exact scan of codes takes. */
const candidatesFor = (k: number): number => Math.max(2 * k, k + 32);

const NPROBES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1_024, 2_048];

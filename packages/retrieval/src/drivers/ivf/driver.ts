import { ListScan } from '@towerkit/kernels';

import { indexOptions } from '../../checks/options.js';
import type { Driver } from '../../driver.js';
import { reading } from '../../files/saved-index.js';
import type { EngineKind } from '../../memory/engine.js';
import { MemoryIndex } from '../../memory/memory-index.js';
import type { IndexOptions } from '../../vector-index.js';
import { IvfEngine } from './ivf-engine.js';
import { kMeans } from './k-means.js';
import { type IvfOptions, type IvfSettings, ivfSettings, listsOf } from './settings.js';

const ivfKind = (dimensions: number, settings: IvfSettings, threads: number | undefined): EngineKind => ({
  name: 'ivf',
  settings,
  async build(vectors, control) {
    const lists = listsOf(vectors.rows, settings);
    const { listOf, means } = await kMeans(vectors, lists, settings.seed, threads, control);
    return new IvfEngine(await ListScan.build(vectors, listOf, means, threads), settings, vectors.rows);
  },
  load: ({ folder }, used) => IvfEngine.load(folder, dimensions, settings, used, threads),
});

/** Approximate search in an inverted file (Jégou, Douze and Schmid 2011) over int8 codes, in WebAssembly SIMD. */
export const driver: Driver<IndexOptions & IvfOptions> = {
  name: 'ivf',
  async create({ threads, ...options }) {
    const { dimensions, metric } = indexOptions(options);
    const kind = ivfKind(dimensions, ivfSettings(options), threads);
    return MemoryIndex.create('ivf', { dimensions, metric, coded: false, threads }, {}, kind);
  },
  async load(saved, { threads, ...changed }) {
    const { dimensions, metric, settings } = saved.manifest;
    const kept = await reading('settings', () => ivfSettings({ ...settings, ...changed }));
    const kind = ivfKind(dimensions, kept, threads);
    return MemoryIndex.load(saved, { dimensions, metric, coded: false, threads }, {}, kind);
  },
};

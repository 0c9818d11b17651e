import { indexOptions } from '../../checks/options.js';
import type { Driver } from '../../driver.js';
import { reading } from '../../files/saved-index.js';
import { MemoryIndex } from '../../memory/memory-index.js';
import type { IndexOptions } from '../../vector-index.js';
import { hnswKind } from './hnsw-kind.js';
import { type HnswOptions, hnswSettings } from './settings.js';

/** Approximate search in a graph (Malkov and Yashunin 2016), by usearch. */
export const driver: Driver<IndexOptions & HnswOptions> = {
  name: 'hnsw',
  async create({ threads, ...options }) {
    const { dimensions, metric } = indexOptions(options);
    const kind = await hnswKind(dimensions, hnswSettings(options), threads);
    return MemoryIndex.create('hnsw', { dimensions, metric, coded: false, threads }, {}, kind);
  },
  async load(saved, { threads, ...changed }) {
    const { dimensions, metric, settings } = saved.manifest;
    const kept = await reading('settings', () => hnswSettings({ ...settings, ...changed }));
    const kind = await hnswKind(dimensions, kept, threads);
    return MemoryIndex.load(saved, { dimensions, metric, coded: false, threads }, {}, kind);
  },
};

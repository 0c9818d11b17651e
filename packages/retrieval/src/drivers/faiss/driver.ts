import { indexOptions } from '../../checks/options.js';
import type { Driver } from '../../driver.js';
import { reading } from '../../files/saved-index.js';
import { MemoryIndex } from '../../memory/memory-index.js';
import type { IndexOptions } from '../../vector-index.js';
import { faissKind } from './faiss-kind.js';
import type { FaissOptions } from './options.js';
import { faissSettings } from './settings.js';

/** Any index of FAISS' factory, by faiss-node. */
export const driver: Driver<IndexOptions & FaissOptions> = {
  name: 'faiss',
  async create({ threads, ...options }) {
    const { dimensions, metric } = indexOptions(options);
    const kind = await faissKind(dimensions, faissSettings(options), threads);
    return MemoryIndex.create('faiss', { dimensions, metric, coded: false, threads }, {}, kind);
  },
  async load(saved, { threads, ...changed }) {
    const { dimensions, metric, settings } = saved.manifest;
    const { ef, nprobe } = changed;
    const kept = await reading('settings', () => faissSettings(settings));
    const kind = await faissKind(dimensions, faissSettings({ ...kept, ...given({ ef, nprobe }) }), threads);
    return MemoryIndex.load(saved, { dimensions, metric, coded: false, threads }, {}, kind);
  },
};

const given = (options: Record<string, number | undefined>) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

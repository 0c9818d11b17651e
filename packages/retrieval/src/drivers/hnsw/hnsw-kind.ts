import { threadCount } from '@towerkit/kernels/internal';
import { join } from 'node:path';

import { badIndex } from '../../files/errors.js';
import type { EngineKind } from '../../memory/engine.js';
import { optionalPackage } from '../missing-driver.js';
import { checkGraph } from './graph-file.js';
import { GRAPH, HnswEngine } from './hnsw-engine.js';
import type { HnswSettings } from './settings.js';

/** Graphs of usearch for vectors of a width. @throws TowerkitError `MISSING_DRIVER` */
export async function hnswKind(
  dimensions: number,
  settings: HnswSettings,
  wantedThreads: number | undefined,
): Promise<EngineKind> {
  const usearch = await optionalPackage('usearch', '2.25.3', () => import('usearch'));
  const threads = threadCount(wantedThreads);
  const graph = () =>
    new usearch.Index({
      dimensions,
      metric: usearch.MetricKind.IP, // vectors of a cosine come with length 1
      quantization: settings.precision as never,
      connectivity: settings.connectivity,
      expansion_add: settings.efConstruction,
      expansion_search: 1, // the number of results asked for is what counts
      multi: false,
    });
  return {
    name: 'hnsw',
    settings: { ...settings },
    async build(vectors, { onProgress, signal }) {
      const engine = new HnswEngine(graph(), settings, threads, 0);
      await engine.add(vectors, 0, (done) => {
        signal?.throwIfAborted();
        onProgress?.({ stage: 'build', done, total: vectors.rows, unit: 'vectors' });
      });
      return engine;
    },
    async load({ folder }, used) {
      const path = join(folder, GRAPH);
      const { precision, connectivity } = settings;
      await checkGraph(path, { size: used, dimensions, precision, connectivity });
      const mapped = graph();
      mapped.view(path);
      if (mapped.size() !== used || mapped.dimensions() !== dimensions)
        throw badIndex(
          `its graph has ${mapped.size()} vectors of ${mapped.dimensions()}, not ${used} of ${dimensions}`,
        );
      return new HnswEngine(mapped, settings, threads, used, graph);
    },
  };
}

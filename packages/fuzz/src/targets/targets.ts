import { baselineNames } from '@towerkit/pipeline';

import type { Target } from '../run/target.js';
import { artifacts } from './artifacts.js';
import { checkpoints } from './checkpoints.js';
import { commandLine } from './command-line.js';
import { config } from './config.js';
import { data } from './data.js';
import { indexes } from './indexes.js';
import { server } from './server.js';
import { stores } from './stores.js';

/** How much there is to try. */
export interface Breadth {
  /** Kinds of model. */
  readonly artifacts: readonly string[];
  /** Artifacts with an index. */
  readonly indexes: readonly string[];
  /** What the server has. */
  readonly served: readonly string[];
}

export const EVERYTHING: Breadth = {
  artifacts: ['shop', 'text', 'moments', 'hybrid', ...baselineNames, 'hnsw', 'ivf'],
  indexes: ['exact', 'hnsw', 'ivf'],
  served: ['shop', 'als', 'text', 'moments'],
};

/** What a short run has time for. */
export const LITTLE: Breadth = {
  artifacts: ['moments', 'als', 'hnsw'],
  indexes: ['hnsw'],
  served: ['shop', 'moments'],
};

/** All targets. */
export const targetsOf = (breadth: Breadth, codes: ReadonlySet<string>): Target[] =>
  [
    server(breadth.served, codes),
    config(codes),
    commandLine(codes),
    artifacts(breadth.artifacts, codes),
    indexes(breadth.indexes, codes),
    checkpoints(codes),
    stores(codes),
    data(codes),
  ] as Target[];

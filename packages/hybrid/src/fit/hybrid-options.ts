import type { OnProgress } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import type { TextPlaces } from '@towerkit/features';

import type { HybridConfig } from '../schema.js';
import type { Stages } from './stages.js';

/** What fitting needs beside the reviews. */
export interface HybridOptions {
  readonly hybrid: HybridConfig;
  readonly seed: number;
  readonly threads?: number;
  readonly engine: Engine;
  readonly places: TextPlaces;
  readonly stages: Stages;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

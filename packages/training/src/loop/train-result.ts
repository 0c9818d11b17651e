import type { TwoTower } from '@towerkit/towers';

import type { TrainingData } from '../data.js';
import type { ProfilePart } from '../step/profile.js';
import type { ModelState } from '../tables/model-state.js';
import type { Best } from './early-stopping.js';
import type { EpochReport } from './events.js';

/** A model with its weights: what training gives, and what export and inference take. */
export interface TrainedModel {
  readonly model: TwoTower;
  readonly data: TrainingData;
  /** Items of history a user is read from. */
  readonly maxLength: number;
  readonly state: ModelState;
}

/** What came of a run. */
export interface TrainResult extends TrainedModel {
  readonly epochs: readonly EpochReport[];
  /** The epoch whose weights these are; `undefined` without validation. */
  readonly best: Best | undefined;
  /** True when the signal stopped it. */
  readonly interrupted: boolean;
  /** Seconds spent in each part of the steps. */
  readonly profile: Readonly<Record<ProfilePart, number>>;
}

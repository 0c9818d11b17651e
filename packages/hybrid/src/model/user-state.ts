import type { Matrix } from '@towerkit/core';

import { sideBySide } from './foundation.js';

/** What both networks read of users, part by part; rows are users. */
export interface UserState {
  /** ALS vectors of what they took, [rows, factors]. */
  readonly als: Matrix;
  /** Means of what they wrote, [rows, text]. */
  readonly written: Matrix;
  /** 1 for nobody in particular, [rows, 1]. */
  readonly anonymous: Matrix;
  /** [rows, context] */
  readonly moments: Matrix;
}

/** The parts end to end, [rows, factors + text + 1 + context]. */
export const stateFeatures = ({ als, written, anonymous, moments }: UserState): Matrix =>
  sideBySide(als.rows, als, written, anonymous, moments);

import type { Matrix } from '@towerkit/core';

import { sideBySide } from './foundation.js';

/** Inputs of both networks for some users, part by part; a row for each user. */
export interface UserState {
  /** ALS vectors of their histories, [rows, factors]. */
  readonly als: Matrix;
  /** Means of the vectors of their reviews, [rows, text]. */
  readonly written: Matrix;
  /** 1 for an anonymous user, [rows, 1]. */
  readonly anonymous: Matrix;
  /** [rows, context] */
  readonly moments: Matrix;
}

/** The parts end to end, [rows, factors + text + 1 + context]. */
export const stateFeatures = ({ als, written, anonymous, moments }: UserState): Matrix =>
  sideBySide(als.rows, als, written, anonymous, moments);

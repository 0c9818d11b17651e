import { isTowerkitError } from '@towerkit/core';
import { calibrateUnseen, type TrainResult, type UnseenCalibration } from '@towerkit/training';

import { badConfig } from '../config/check-config.js';
import type { Prepared } from '../data/prepare.js';
import { validationOf, type FitTowerOptions } from './fit.js';

/**
 * Gives unseen items of a trained model their bias, where the config says so.
 *
 * @throws TowerkitError `BAD_CONFIG` for a model that has nothing to calibrate; what ranking throws
 */
export async function calibrated(
  fitted: TrainResult,
  prepared: Prepared,
  { config, engine, signal }: FitTowerOptions,
): Promise<UnseenCalibration | undefined> {
  if (!config.calibrateUnseen) return undefined;
  const { tolerance } = config.calibrateUnseen;
  const validation = validationOf(prepared, config);
  return calibrateUnseen(fitted, { validation, engine, tolerance, signal }).catch((error: unknown) => {
    if (isTowerkitError(error, 'BAD_TOWER')) throw badConfig(`calibrateUnseen: ${error.message}`, error);
    throw error;
  });
}

/** What came of it, in words. */
export function describeCalibration({ bias, targets, unseen }: UnseenCalibration): string {
  const [metric] = Object.keys(unseen.after);
  const [before, after] = [unseen.before, unseen.after].map((metrics) => metrics[metric].value.toFixed(4));
  return `items that nobody has had: a bias of ${bias.toFixed(3)}, ${metric} of their ${targets} validation targets from ${before} to ${after}`;
}

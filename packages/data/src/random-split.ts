import type { Rng } from '@towerkit/core';

import { TowerkitError } from './errors.js';
import type { InteractionLog } from './interaction-log.js';
import { splitBy, TEST, VALIDATION, type Split } from './split.js';

/**
 * Holds back a random fraction of rows, whoever they belong to: for ratings. It looks into the future of a
 * user's history; `leakageReport` counts how often.
 *
 * @param fraction.validation share of rows for validation, in (0, 1); rounded to whole rows
 * @param fraction.test share of rows for test, 0 by default, which leaves the test part out
 * @param rng decides which rows
 * @throws TowerkitError `EMPTY_SPLIT`, `BAD_OPTION`
 */
export function randomSplit(
  log: InteractionLog,
  fraction: { validation: number; test?: number },
  rng: Rng,
): Split {
  const { validation, test = 0 } = fraction;
  if (!(validation > 0 && test >= 0 && validation + test < 1))
    throw new TowerkitError(
      'BAD_OPTION',
      `fractions must be positive and leave some rows to train on, got ${validation} and ${test}`,
    );
  const rows = log.user.length;
  const order = rng.shuffle(Int32Array.from(log.user.keys()));
  const held = Math.round(rows * validation);
  const part = new Uint8Array(rows);
  for (let k = 0; k < held; k++) part[order[k]] = VALIDATION;
  for (let k = held; k < Math.min(rows, held + Math.round(rows * test)); k++) part[order[k]] = TEST;
  return splitBy(log, part, test > 0);
}

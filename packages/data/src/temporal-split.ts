import { TowerkitError } from './errors.js';
import type { InteractionLog } from './interaction-log.js';
import { splitBy, TEST, TRAIN, VALIDATION, type Split } from './split.js';

/**
 * Splits every user's rows at one point in time, as a system that is trained once meets the future: rows before
 * `validation` are training data, rows from there on are targets. Users and items that only appear later stay
 * targets; `leakageReport` counts them.
 *
 * @param at.validation where validation begins, in the unit of `log.time`
 * @param at.test where test begins, after `validation`; no test part by default
 * @throws TowerkitError `MISSING_COLUMN` for a log without times, `EMPTY_SPLIT`, `BAD_OPTION`
 */
export function temporalSplit(log: InteractionLog, at: { validation: number; test?: number }): Split {
  const { time } = log;
  const { validation, test = Infinity } = at;
  if (time === undefined)
    throw new TowerkitError('MISSING_COLUMN', 'a temporal split needs times, the log has none', {
      hint: 'name the time column when reading; a position says nothing across users',
      details: { column: 'time' },
    });
  if (!Number.isFinite(validation) || Number.isNaN(test) || test <= validation)
    throw new TowerkitError('BAD_OPTION', `validation (${validation}) must come before test (${test})`);
  const part = Uint8Array.from(time, (t) => (t < validation ? TRAIN : t < test ? VALIDATION : TEST));
  return splitBy(log, part, at.test !== undefined);
}

import type { InteractionLog } from '@towerkit/data';

import { badConfig } from '../config/check-config.js';

/** Seconds from 1800 to 2200: a time beyond is not one in seconds. */
const PLAUSIBLE = [-5_364_662_400, 7_258_118_400];

/**
 * The times of a log in seconds.
 *
 * @param key of the config that asks for them
 * @throws TowerkitError `BAD_CONFIG` where the log has no times, or times that are not in that unit
 */
export function secondsOf(
  { time }: InteractionLog,
  key: string,
  unit: 'seconds' | 'milliseconds',
): Float64Array {
  if (!time)
    throw badConfig(
      `${key}: the interactions have no time; say which column it is: data.dataset.columns.time`,
    );
  const seconds = unit === 'milliseconds' ? time.map((value) => value / 1000) : time;
  const odd = seconds.find((value) => !(value >= PLAUSIBLE[0] && value <= PLAUSIBLE[1]));
  if (odd === undefined) return seconds;
  const other = unit === 'seconds' ? "; say timeUnit: 'milliseconds' where they are" : '';
  throw badConfig(`${key}: the time ${odd} is not one in ${unit} since 1970${other}`);
}

import type { InteractionColumns, InteractionLog, RowColumns } from '@towerkit/data';
import { columnsWanted, timePartsOf, type TimeReading } from '@towerkit/features';

import { badConfig } from '../config/check-config.js';
import type { ResolvedConfig } from '../config/schema.js';
import { secondsOf } from './seconds-of.js';

/** What a config reads of moments. */
export type MomentConfig = NonNullable<ResolvedConfig['data']['moment']>;

type MoreColumns = Pick<InteractionColumns, 'more' | 'numbers' | 'dates'>;

/** The columns of the interactions that moments are made of, by the names of their features and by what they hold. */
export function momentFields({ columns, features }: MomentConfig): Required<MoreColumns> {
  const kinds = Object.entries(columnsWanted(features));
  const of = (kind: 'text' | 'number' | 'date') =>
    Object.fromEntries(
      kinds.flatMap(([name, holds]) => (holds === kind ? [[name, columns[name] ?? name]] : [])),
    );
  return { more: of('text'), numbers: of('number'), dates: of('date') };
}

/** The time zone and the parts of times that a config reads; `undefined` where it reads none. */
export const timeReading = ({ time, timeZone }: MomentConfig): TimeReading | undefined =>
  time && { parts: time, timeZone };

/**
 * What is known of the moment of each row of a log: the columns that a config names, and parts of the time.
 *
 * @returns columns by name, [rows] each
 * @throws TowerkitError `BAD_CONFIG` where the log has no such column, no times, or times that are not in the unit of the config
 */
export function momentColumnsOf(log: InteractionLog, config: MomentConfig): RowColumns {
  const { more, numbers, dates } = momentFields(config);
  const found: Record<string, readonly string[] | Float64Array> = {};
  const take = (names: object, from: RowColumns = {}) => {
    for (const name of Object.keys(names)) {
      if (!Object.hasOwn(from, name))
        throw badConfig(`data.moment.features: the interactions have no column "${name}"`);
      found[name] = from[name];
    }
  };
  take(more, log.more);
  take({ ...numbers, ...dates }, log.numbers);
  const reading = timeReading(config);
  return reading
    ? { ...found, ...timePartsOf(secondsOf(log, 'data.moment.time', config.timeUnit), reading) }
    : found;
}

import { TowerkitError } from '@towerkit/core';

import type { Filter, IndexOptions, Metric } from '../vector-index.js';

const METRICS: readonly unknown[] = ['ip', 'cosine'];

/** The options that every driver has, with defaults. @throws TowerkitError `BAD_OPTION` */
export function indexOptions({ dimensions, metric = 'ip' }: IndexOptions): Required<IndexOptions> {
  positiveInteger('dimensions', dimensions, 65_536);
  if (!METRICS.includes(metric)) throw badOption('metric', 'ip or cosine', metric);
  return { dimensions, metric: metric as Metric };
}

/** @throws TowerkitError `BAD_OPTION` */
export function positiveInteger(name: string, value: unknown, most = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > most)
    throw badOption(name, `an integer from 1 to ${most}`, value);
}

/** @throws TowerkitError `BAD_OPTION` */
export const badOption = (option: string, wanted: string, value: unknown): TowerkitError =>
  new TowerkitError('BAD_OPTION', `${option} must be ${wanted}, got ${String(value)}`, {
    details: { option, value },
  });

const FILTER_KEYS = ['allow', 'deny', 'where'];

/** The form of a filter; what it names is checked by who knows the attributes. @throws TowerkitError `BAD_FILTER` */
export function checkFilter(filter: Filter): void {
  const bad = (what: string) =>
    new TowerkitError('BAD_FILTER', what, { hint: 'a filter has allow, deny and where' });
  if (typeof filter !== 'object' || filter === null) throw bad('a filter must be an object');
  for (const key of Object.keys(filter))
    if (!FILTER_KEYS.includes(key)) throw bad(`a filter has no "${key}"`);
  for (const key of ['allow', 'deny'] as const) {
    const ids = filter[key];
    if (ids === undefined) continue;
    if (typeof ids !== 'object' || typeof ids?.length !== 'number')
      throw bad(`${key} must be an array of ids`);
    for (let i = 0; i < ids.length; i++)
      if (!Number.isSafeInteger(ids[i]) || ids[i] < 0)
        throw bad(`${key} holds ${String(ids[i])}, which is no id`);
  }
}

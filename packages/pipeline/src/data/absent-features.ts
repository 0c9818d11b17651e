import type { DatasetSource } from '@towerkit/data';

import type { ResolvedConfig } from '../config/schema.js';
import { momentFields } from './moment-columns.js';

type Kinds = ResolvedConfig['data']['features'];

/**
 * The config without the features whose columns a data set does not have, where it says `data.absent: 'skip'`; with the columns of the
 * moment under the names that the set knows them by.
 *
 * @returns the config to go on with, and the features that were left out
 */
export function withoutAbsent(
  config: ResolvedConfig,
  { interactions, catalog }: DatasetSource,
): { readonly config: ResolvedConfig; readonly absent: readonly string[] } {
  const { data } = config;
  const known = interactions?.moment ?? {};
  const named = data.moment && {
    ...data.moment,
    columns: {
      ...Object.fromEntries(Object.entries(known).filter(([name]) => readsColumn(data.moment!, name))),
      ...data.moment.columns,
    },
  };
  if (data.absent === 'error') return { config: { ...config, data: { ...data, moment: named } }, absent: [] };
  const absent: string[] = [];
  const inCatalog = new Set([...Object.keys(catalog?.columns ?? {}), ...Object.keys(catalog?.extract ?? {})]);
  const features = kept(data.features, (column) => inCatalog.has(column), absent);
  let moment = named && {
    ...named,
    features: kept(named.features, (column) => column in named.columns, absent),
    time: interactions?.columns?.time === undefined ? undefined : named.time,
  };
  const readsNothing = moment && !moment.time && Object.keys(namesOf(moment.features)).length === 0;
  if (readsNothing) moment = undefined;
  return { config: { ...config, data: { ...data, features, moment } }, absent };
}

const readsColumn = (moment: NonNullable<ResolvedConfig['data']['moment']>, name: string): boolean =>
  Object.values(momentFields(moment)).some((names) => Object.hasOwn(names, name));

const namesOf = (kinds: object): Record<string, unknown> =>
  Object.assign({}, ...(Object.values(kinds) as object[])) as Record<string, unknown>;

/** The features whose columns are there; the names of the others go to `absent`. */
function kept<K extends Partial<Kinds>>(kinds: K, has: (column: string) => boolean, absent: string[]): K {
  const entries = Object.entries(kinds).map(([kind, wanted]) => [
    kind,
    kind === 'vectors'
      ? wanted
      : Object.fromEntries(
          Object.entries(wanted as Record<string, object>).filter(([name, wish]) => {
            const isThere = columnsOfWish(kind, name, wish).every(has);
            if (!isThere) absent.push(name);
            return isThere;
          }),
        ),
  ]);
  return Object.fromEntries(entries) as K;
}

function columnsOfWish(kind: string, name: string, wish: object): readonly string[] {
  if (kind === 'locations') {
    const { latitude, longitude } = wish as Kinds['locations'][string];
    return [latitude, longitude];
  }
  if (kind !== 'text') return [name];
  return (wish as Kinds['text'][string]).columns ?? [name];
}

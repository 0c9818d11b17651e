import type { DatasetSource } from '@towerkit/data';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import type { ResolvedConfig } from '../config/schema.js';
import { momentFields } from './moment-columns.js';

type Kinds = ResolvedConfig['data']['features'];

/**
 * The config without the features whose columns, or files of vectors, a data set does not have, where it says `data.absent: 'skip'`;
 * with the columns of the moment under the names that the set knows them by.
 *
 * @param folder of the data set, which files of vectors are in. Default: they are not looked for
 * @returns the config to go on with, and the features that were left out
 */
export function withoutAbsent(
  config: ResolvedConfig,
  { interactions, catalog }: DatasetSource,
  folder?: string,
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
  const { vectors } = data.features;
  const there = folder === undefined ? vectors : thoseIn(folder, vectors);
  absent.push(...Object.keys(vectors).filter((name) => !Object.hasOwn(there, name)));
  const features = kept({ ...data.features, vectors: there }, (column) => inCatalog.has(column), absent);
  let moment = named && {
    ...named,
    features: kept(named.features, (column) => column in named.columns, absent),
    time: interactions?.columns?.time === undefined ? undefined : named.time,
  };
  const readsNothing = moment && !moment.time && Object.keys(namesOf(moment.features)).length === 0;
  if (readsNothing) moment = undefined;
  return { config: { ...config, data: { ...data, features, moment } }, absent };
}

/** Wishes of vectors whose files are in a folder. */
const thoseIn = (folder: string, vectors: Kinds['vectors']): Kinds['vectors'] =>
  Object.fromEntries(Object.entries(vectors).filter(([, { file }]) => existsSync(resolve(folder, file))));

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

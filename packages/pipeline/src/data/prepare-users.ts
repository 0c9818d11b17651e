import type { CsrMatrix } from '@towerkit/core';
import {
  readUsers,
  requireUserOverlap,
  type CatalogOverlap,
  type InteractionLog,
  type UserTable,
} from '@towerkit/data';
import {
  columnsWanted,
  fitFeatures,
  userSide,
  type EntityFeatures,
  type EntityTexts,
  type EntityVectors,
  type Side,
  type WantedTexts,
  type WantedVectors,
} from '@towerkit/features';
import { join } from 'node:path';

import { badConfig } from '../config/check-config.js';
import type { ResolvedConfig } from '../config/schema.js';
import type { Dataset } from './locate-dataset.js';

/** What is known of the users of a log. */
export interface PreparedUsers {
  /** Absent where vectors alone are read, whose ids are those of the interactions. */
  readonly table?: UserTable;
  /** Users that the table and the interactions do not share; absent without a table. */
  readonly overlap?: CatalogOverlap;
  /** One row per user of the log; those without a row in the table are unknown. */
  readonly features: EntityFeatures;
  readonly texts: EntityTexts;
  readonly vectors: EntityVectors;
}

/** How texts and files of vectors are read. */
interface Readers {
  readonly textsOf: (side: Side, wanted: WantedTexts) => EntityTexts | Promise<EntityTexts>;
  readonly vectorsOf: (side: Side, wanted: WantedVectors) => EntityVectors | Promise<EntityVectors>;
}

/**
 * Reads the table of users, where a config or a data set in memory has one, and encodes what the user tower may read;
 * encodings are learned from users with training rows.
 *
 * @throws TowerkitError `BAD_CONFIG` where a config says no file, and asks for more than vectors; `NO_OVERLAP` for a table that
 *   has none of the users; what reading and encoding throw
 */
export async function prepareUsers(
  dataset: Dataset,
  data: ResolvedConfig['data'],
  log: InteractionLog,
  train: CsrMatrix,
  { textsOf, vectorsOf }: Readers,
): Promise<PreparedUsers | undefined> {
  if (!data.users) return undefined;
  const { features } = data.users;
  const table = await tableOf(dataset, data.users, data.onBadRow);
  const overlap = table && requireUserOverlap(log, table);
  const side = userSide(log, table);
  const counts = Int32Array.from(
    { length: train.rows },
    (_, user) => train.indptr[user + 1] - train.indptr[user],
  );
  return {
    ...(table && { table, overlap }),
    features: fitFeatures(side, features, counts),
    texts: await textsOf(side, features.text),
    vectors: await vectorsOf(side, features.vectors),
  };
}

async function tableOf(
  dataset: Dataset,
  { file, columns, types, extract = {}, features, ...layout }: NonNullable<ResolvedConfig['data']['users']>,
  onBadRow: ResolvedConfig['data']['onBadRow'],
): Promise<UserTable | undefined> {
  const needsTable = Object.entries(features).some(
    ([kind, wanted]) => kind !== 'vectors' && Object.keys(wanted).length > 0,
  );
  const given = 'log' in dataset ? dataset.users : file;
  if (!needsTable && given === undefined) return undefined;
  if ('log' in dataset) {
    if (dataset.users) return dataset.users;
    throw badConfig('data.users: the data set in memory has no table of users');
  }
  if (file === undefined) throw badConfig('data.users: say which file: data.users.file');
  const wanted = columnsWanted(features);
  // What is not mapped has its own name; the id is called what the interactions call it.
  const read = Object.keys(wanted).filter((name) => !(name in extract));
  const own = Object.fromEntries(read.map((name) => [name, name]));
  const id = columns.id ?? dataset.source.interactions?.columns?.user;
  if (id === undefined) throw badConfig('data.users.columns: say which column holds the user: { id }');
  return readUsers({
    ...layout,
    path: join(dataset.folder, file),
    columns: { ...own, ...columns, id },
    types: { ...types, ...wanted },
    extract,
    onBadRow,
  });
}

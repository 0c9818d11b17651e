import { badOption, indexOptions } from '../../checks/options.js';
import type { Driver } from '../../driver.js';
import { indexNotFound } from '../../files/errors.js';
import type { IndexOptions } from '../../vector-index.js';
import { DatabaseIndex } from '../database/database-index.js';
import { Connection } from './connection.js';
import type { MilvusOptions } from './options.js';
import { settingsOf } from './settings.js';
import { MilvusStore } from './store.js';

/** What Milvus' vectors can hold. */
const MOST_DIMENSIONS = 32_768;

/** An index in Milvus. */
export const driver: Driver<IndexOptions & MilvusOptions> = {
  name: 'milvus',

  async create(options) {
    return (await open(options)).index;
  },

  async load({ folder, manifest }, options) {
    const { dimensions, metric, settings } = manifest;
    const saved = settings as unknown as MilvusOptions;
    const { index, isThere } = await open({ ...saved, ...options, dimensions, metric });
    if (isThere || manifest.size === 0) return index;
    await index.close();
    throw indexNotFound(`${folder}: Milvus has no ${saved.collection}`);
  },
};

async function open(options: IndexOptions & MilvusOptions) {
  const about = { driver: 'milvus', ...indexOptions(options) };
  if (about.dimensions > MOST_DIMENSIONS)
    throw badOption('dimensions', `at most ${MOST_DIMENSIONS} with Milvus`, about.dimensions);
  const { ef, ...settings } = settingsOf(options);
  const connection = await Connection.open(options, settings.timeout);
  try {
    const store = new MilvusStore(connection, about, settings, ef);
    return { index: new DatabaseIndex(about, store), isThere: await store.isThere() };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

import { isTowerkitError, TowerkitError } from '@towerkit/core';

import { badOption, indexOptions } from '../../checks/options.js';
import type { Driver } from '../../driver.js';
import { indexNotFound } from '../../files/errors.js';
import type { IndexOptions } from '../../vector-index.js';
import { DatabaseIndex } from '../database/database-index.js';
import { Connection } from './connection.js';
import type { PgvectorOptions } from './options.js';
import { settingsOf } from './settings.js';
import { PgvectorStore } from './store.js';

/** What pgvector's type can hold. */
const MOST_DIMENSIONS = 16_000;

/** An index in PostgreSQL, with pgvector. */
export const driver: Driver<IndexOptions & PgvectorOptions> = {
  name: 'pgvector',

  async create(options) {
    return (await open(options)).index;
  },

  async load({ folder, manifest }, options) {
    const { dimensions, metric, settings } = manifest;
    const saved = settings as unknown as PgvectorOptions;
    const { index, isThere } = await open({ ...saved, ...options, dimensions, metric });
    if (isThere || manifest.size === 0) return index;
    await index.close();
    throw indexNotFound(`${folder}: the database has no table ${saved.table}`);
  },
};

async function open(options: IndexOptions & PgvectorOptions) {
  const about = { driver: 'pgvector', ...indexOptions(options) };
  if (about.dimensions > MOST_DIMENSIONS)
    throw badOption('dimensions', `at most ${MOST_DIMENSIONS} with pgvector`, about.dimensions);
  const { ef, ...settings } = settingsOf(options);
  const connection = await Connection.open(options, settings.timeout, settings.connections);
  try {
    const store = new PgvectorStore(connection, about, settings, await iterates(connection), ef);
    return { index: new DatabaseIndex(about, store), isThere: await store.isThere() };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Turns pgvector on where that is still to do. @returns whether it is 0.8 or newer, whose scans go on until they have k */
async function iterates(connection: Connection): Promise<boolean> {
  const version = async () => {
    const sql = `SELECT extversion FROM pg_extension WHERE extname = 'vector'`;
    return (await connection.query<{ extversion: string }>(sql)).rows[0]?.extversion;
  };
  let found = await version();
  if (found === undefined) {
    await connection.query('CREATE EXTENSION IF NOT EXISTS vector').catch((cause: unknown) => {
      if (!isTowerkitError(cause, 'DATABASE_ERROR')) throw cause;
      throw new TowerkitError('MISSING_DRIVER', `this PostgreSQL has no pgvector: ${cause.message}`, {
        hint: 'install pgvector on the server and run CREATE EXTENSION vector, as a user who may',
        cause,
      });
    });
    found = await version();
  }
  const [major, minor] = String(found).split('.').map(Number);
  return major > 0 || minor >= 8;
}

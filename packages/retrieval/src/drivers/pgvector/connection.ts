import type { Pool, PoolClient, PoolConfig, QueryResult, QueryResultRow } from 'pg';

import { isTowerkitError } from '@towerkit/core';

import { badOption } from '../../checks/options.js';
import { optionalPackage } from '../missing-driver.js';
import { databaseError } from './errors.js';
import type { PgvectorOptions } from './options.js';

/** Runs one statement; its errors are TowerkitErrors. */
export type Query = <Row extends QueryResultRow>(
  text: string,
  values?: readonly unknown[],
) => Promise<QueryResult<Row>>;

export interface TransactionOptions {
  /** Milliseconds for each statement; those of the connection by default. */
  readonly timeout?: number;
  /** What is set for this transaction alone: names and values as SQL text. */
  readonly set?: Readonly<Record<string, number | string>>;
}

/** The server gives up a little earlier than the client, which then learns why. */
const GRACE = 500;

/** A few connections to PostgreSQL, with a limit of time on all that is asked. */
export class Connection {
  readonly #pool: Pool;
  readonly #timeout: number;
  readonly #place: string;
  readonly #secrets: readonly string[];

  /**
   * Connects to nothing yet.
   *
   * @throws TowerkitError `MISSING_DRIVER`, `BAD_OPTION`
   */
  static async open(
    { connection }: Pick<PgvectorOptions, 'connection'>,
    timeout: number,
    connections: number,
  ): Promise<Connection> {
    const { default: pg } = await optionalPackage('pg', '8', () => import('pg'));
    const given: PoolConfig =
      typeof connection === 'string' ? { connectionString: connection } : { ...connection };
    try {
      const { host, port, database, password } = new pg.Client(given);
      const secrets = [password, connection].filter((text): text is string => typeof text === 'string');
      const pool = new pg.Pool({
        application_name: 'towerkit',
        ...given,
        max: connections,
        connectionTimeoutMillis: timeout,
        keepAlive: true,
      });
      return new Connection(pool, timeout, `${host}:${port}/${database ?? ''}`, secrets);
    } catch {
      // The cause would show the whole string.
      throw badOption('connection', 'postgres://user:password@host:port/database', 'something else');
    }
  }

  private constructor(pool: Pool, timeout: number, place: string, secrets: readonly string[]) {
    [this.#pool, this.#timeout, this.#place, this.#secrets] = [pool, timeout, place, secrets];
    // A connection that breaks tells so to whoever uses it next; without a listener it would end the process.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
  }

  /** One statement by itself. */
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>> {
    return this.transaction((query) => query<Row>(text, values));
  }

  /** Statements that all hold or none, and whose server gives up in time, also behind a pooler of connections. */
  async transaction<T>(
    work: (query: Query) => Promise<T>,
    { timeout = this.#timeout, set = {} }: TransactionOptions = {},
  ): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw this.#error(error);
    });
    const query = this.#queryOf(client, timeout + GRACE);
    let broken = false;
    try {
      const settings = Object.entries({ statement_timeout: timeout, ...set });
      await query(`BEGIN;${settings.map(([name, value]) => `SET LOCAL ${name} = ${value};`).join('')}`);
      const result = await work(query);
      await query('COMMIT');
      return result;
    } catch (error) {
      broken = isTowerkitError(error, 'UNAVAILABLE') || isTowerkitError(error, 'TIMEOUT');
      if (!broken) await query('ROLLBACK').catch(() => (broken = true));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end().catch(() => undefined);
  }

  #queryOf(client: PoolClient, timeout: number): Query {
    return async (text, values) => {
      const config = { text, values: values as unknown[], query_timeout: timeout };
      return client.query(config).catch((error: unknown) => {
        throw this.#error(error);
      });
    };
  }

  #error = (error: unknown) => databaseError(error, this.#place, this.#secrets);
}

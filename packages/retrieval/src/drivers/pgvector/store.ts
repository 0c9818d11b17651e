import { randomBytes } from 'node:crypto';

import { type Matrix, TowerkitError } from '@towerkit/core';

import { unknownId } from '../../checks/ids.js';
import type { About } from '../database/database-index.js';
import { attributesOf, batches } from '../database/batches.js';
import type { Found, ReplaceOptions, Rows, Store, StoreFilter } from '../database/store.js';
import type { Connection, Query } from './connection.js';
import { isStorable } from './filter-sql.js';
import { type Search, searchTable } from './search.js';
import type { Settings } from './settings.js';
import { Table, vectorText, type TableAbout } from './table.js';

/** hnsw.ef_search takes no more. */
const MOST_EF = 1000;

/** One table with a graph (HNSW) over its vectors; attributes are a jsonb column. */
export class PgvectorStore implements Store {
  size = 0;
  readonly few = Infinity; // allowed ids are found by the primary key
  readonly most = 100_000;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly #about: TableAbout;
  readonly #table: Table;
  // What the table held when it was last read.
  #standing: TableAbout | undefined;

  constructor(
    readonly connection: Connection,
    { dimensions, metric }: About,
    readonly options: Settings,
    /** Whether this pgvector goes on looking until a filter has k. */
    readonly iterates: boolean,
    public ef: number,
  ) {
    this.settings = { ...options };
    this.#about = { dimensions, metric, attributes: [] };
    this.#table = new Table(options.schema, options.table);
  }

  /** Reads what is there. */
  async refresh(): Promise<void> {
    await this.connection.transaction(async (query) => {
      this.#standing = await this.#table.about(query);
      this.size = this.#fits() ? await this.#table.count(query) : 0;
    });
  }

  async replace(rows: Rows, { onProgress, signal }: ReplaceOptions): Promise<void> {
    const { connection } = this;
    const { schema, table, batch, m, efConstruction, buildTimeout: timeout } = this.options;
    checkStorable(rows);
    const about = { ...this.#about, attributes: Object.keys(rows.attributes) };
    const fresh = new Table(schema, `${table}_build_${randomBytes(6).toString('hex')}`);
    const total = rows.ids.length;
    await connection.transaction((query) => this.#table.about(query)); // never over another program's table
    try {
      await connection.transaction((query) => fresh.create(query, about));
      for (const { from, to } of batches(total, batch)) {
        signal?.throwIfAborted();
        await connection.transaction((query) => insert(query, fresh, rows, from, to));
        onProgress?.({ stage: 'index', done: to, total, unit: 'vectors' });
      }
      signal?.throwIfAborted();
      await connection.transaction(
        async (query) => {
          await fresh.createGraph(query, about.dimensions, m, efConstruction);
          await query(`ANALYZE ${fresh.sql}`);
        },
        { timeout },
      );
      signal?.throwIfAborted();
      await connection.transaction(async (query) => {
        await this.#table.lock(query);
        await this.#table.about(query);
        await fresh.takePlaceOf(query, this.#table);
      });
    } catch (error) {
      await fresh.drop(connection);
      throw error;
    }
    [this.#standing, this.size] = [about, total];
  }

  async upsert(rows: Rows): Promise<void> {
    checkStorable(rows);
    const { batch, m, efConstruction } = this.options;
    let added = 0;
    const about = await this.connection.transaction(async (query) => {
      await this.#table.lock(query);
      const standing = await this.#table.about(query);
      if (standing === undefined) {
        await this.#table.create(query, this.#about);
        await this.#table.createGraph(query, this.#about.dimensions, m, efConstruction);
      } else this.#checkFits(standing);
      const names = new Set([...(standing?.attributes ?? []), ...Object.keys(rows.attributes)]);
      const next = { ...this.#about, attributes: [...names] };
      if (names.size > (standing?.attributes.length ?? 0)) await this.#table.describe(query, next);
      for (const { from, to } of batches(rows.ids.length, batch))
        added += await insert(query, this.#table, rows, from, to);
      return next;
    });
    this.#standing = about;
    this.size += added;
  }

  async remove(ids: ArrayLike<number>): Promise<void> {
    if (!(await this.#serves())) throw unknownId(ids[0]);
    await this.connection.transaction(async (query) => {
      await this.#table.lock(query);
      const { rows } = await query<{ id: string }>(
        `DELETE FROM ${this.#table.sql} WHERE id = ANY($1::bigint[]) RETURNING id`,
        [Array.from(ids)],
      );
      if (rows.length === ids.length) return;
      const gone = new Set(rows.map(({ id }) => Number(id)));
      throw unknownId(Array.from(ids).find((id) => !gone.has(id))!);
    });
    this.size -= ids.length;
  }

  nearest(queries: Matrix, count: number, filter: StoreFilter): Promise<Found[]> {
    const isNarrowed = filter.allow !== undefined || filter.where !== undefined;
    const set = {
      'hnsw.ef_search': Math.min(MOST_EF, Math.max(this.ef, count)),
      ...(this.iterates ? { 'hnsw.iterative_scan': 'relaxed_order' } : {}),
      // Of a small table the planner reads every row for some values of ef and count, and follows the graph for others: the
      // recall that tuning measures would not be that of the answers.
      ...(isNarrowed ? {} : { enable_seqscan: 'off' }),
    };
    return this.#search(queries, { count, filter, exactly: false, set });
  }

  exact(queries: Matrix, count: number, filter: StoreFilter): Promise<Found[]> {
    return this.#search(queries, { count, filter, exactly: true, set: {} });
  }

  async #search(queries: Matrix, search: Search): Promise<Found[]> {
    if (!(await this.#serves())) return Array.from({ length: queries.rows }, () => ({ ids: [], scores: [] }));
    return searchTable(this.connection, this.#table, queries, search, this.options.connections);
  }

  async attributes(fresh: boolean): Promise<Iterable<string>> {
    if (fresh || this.#standing === undefined) await this.refresh();
    return this.#standing?.attributes ?? [];
  }

  async bytes(): Promise<number> {
    if (!(await this.#serves())) return 0;
    return this.connection.transaction((query) => this.#table.bytes(query));
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** Whether there is a table; asked again as long as there is none. */
  async isThere(): Promise<boolean> {
    if (this.#standing === undefined) await this.refresh();
    return this.#standing !== undefined;
  }

  async #serves(): Promise<boolean> {
    const isThere = await this.isThere();
    if (this.#standing !== undefined) this.#checkFits(this.#standing);
    return isThere;
  }

  #fits = (about = this.#standing) =>
    about?.dimensions === this.#about.dimensions && about.metric === this.#about.metric;

  #checkFits(about: TableAbout): void {
    if (this.#fits(about)) return;
    const { dimensions, metric } = about;
    throw new TowerkitError(
      'SHAPE_MISMATCH',
      `${this.#table.sql} holds vectors of ${dimensions} values, compared by ${metric}`,
      { hint: 'open it so, or build this index, which replaces them', details: { dimensions, metric } },
    );
  }
}

/** Writes rows; those of an id that is there are replaced. @returns how many are new */
async function insert(query: Query, table: Table, rows: Rows, from: number, to: number): Promise<number> {
  const width = rows.vectors.length / rows.ids.length;
  const numbers = Array.from({ length: to - from }, (_, i) => from + i);
  const result = await query<{ n: string }>(
    `WITH written AS (
       INSERT INTO ${table.sql} (id, embedding, attributes)
       SELECT * FROM unnest($1::bigint[], $2::vector[], $3::jsonb[])
       ON CONFLICT (id) DO UPDATE SET embedding = EXCLUDED.embedding, attributes = EXCLUDED.attributes
       RETURNING (xmax = 0) AS is_new)
     SELECT count(*) FILTER (WHERE is_new) AS n FROM written`,
    [
      numbers.map((row) => rows.ids[row]),
      numbers.map((row) => vectorText(rows.vectors.subarray(row * width, (row + 1) * width))),
      numbers.map((row) => JSON.stringify(attributesOf(rows, row))),
    ],
  );
  return Number(result.rows[0].n);
}

/** @throws TowerkitError `BAD_ATTRIBUTE` */
function checkStorable({ attributes }: Rows): void {
  for (const [name, values] of Object.entries(attributes))
    if (!isStorable(name) || !values.every(isStorable))
      throw new TowerkitError(
        'BAD_ATTRIBUTE',
        `attribute ${JSON.stringify(name)} has a string with U+0000 or half a pair`,
        {
          hint: 'PostgreSQL cannot hold it',
          details: { attribute: name },
        },
      );
}

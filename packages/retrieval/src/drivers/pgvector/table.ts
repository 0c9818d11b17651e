import { TowerkitError } from '@towerkit/core';

import type { Connection, Query } from './connection.js';

/** A name as SQL text. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A string as SQL text, for the few statements that take no parameters. */
export const literal = (text: string): string => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** A vector as pgvector reads it: every float32 exactly. */
export const vectorText = (vector: Float32Array): string => `[${vector.join(',')}]`;

/** What a table's comment says of it. It goes with the table when that is renamed. */
export interface TableAbout {
  readonly dimensions: number;
  readonly metric: string;
  readonly attributes: readonly string[];
}

const FORMAT = 'towerkit-index-1';

/** pgvector makes no graph over more. */
export const MOST_GRAPH_DIMENSIONS = 2000;

/** A table that holds an index: its name, and the statements about it as a whole. */
export class Table {
  /** Quoted, with its schema. */
  readonly sql: string;

  constructor(
    readonly schema: string,
    readonly name: string,
  ) {
    this.sql = `${identifier(schema)}.${identifier(name)}`;
  }

  /**
   * What there is under this name, undefined where there is nothing.
   *
   * @throws TowerkitError `NOT_AN_INDEX` for something else
   */
  async about(query: Query): Promise<TableAbout | undefined> {
    const { rows } = await query<{ comment: string | null; relkind: string }>(
      `SELECT obj_description(c.oid, 'pg_class') AS comment, c.relkind FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`,
      [this.schema, this.name],
    );
    if (rows.length === 0) return undefined;
    const about = rows[0].relkind === 'r' ? parse(rows[0].comment) : undefined;
    if (about !== undefined) return about;
    throw new TowerkitError('NOT_AN_INDEX', `${this.sql} is there and was not made by this driver`, {
      hint: 'choose another table',
    });
  }

  /** Makes it, empty and without a graph. */
  async create(query: Query, about: TableAbout): Promise<void> {
    await query(`CREATE TABLE ${this.sql} (id bigint PRIMARY KEY, embedding vector(${about.dimensions}) NOT NULL,
      attributes jsonb NOT NULL)`);
    await this.describe(query, about);
  }

  async describe(query: Query, about: TableAbout): Promise<void> {
    await query(`COMMENT ON TABLE ${this.sql} IS ${literal(JSON.stringify({ format: FORMAT, ...about }))}`);
  }

  /** Vectors are compared by inner product in either metric: those of cosine have length 1, or 0. */
  async createGraph(query: Query, dimensions: number, m: number, efConstruction: number): Promise<void> {
    if (dimensions > MOST_GRAPH_DIMENSIONS) return;
    await query(`CREATE INDEX ON ${this.sql} USING hnsw (embedding vector_ip_ops)
      WITH (m = ${m}, ef_construction = ${efConstruction})`);
  }

  async count(query: Query): Promise<number> {
    return Number((await query<{ n: string }>(`SELECT count(*) AS n FROM ${this.sql}`)).rows[0].n);
  }

  async bytes(query: Query): Promise<number> {
    const sql = `SELECT pg_total_relation_size($1::regclass) AS n`;
    return Number((await query<{ n: string }>(sql, [this.sql])).rows[0].n);
  }

  /** Takes the place, and the name, of another; to be called in a transaction. */
  async takePlaceOf(query: Query, old: Table): Promise<void> {
    await query(`DROP TABLE IF EXISTS ${old.sql}`);
    await query(`ALTER TABLE ${this.sql} RENAME TO ${identifier(old.name)}`);
  }

  /** Lets one client at a time change it, until the transaction ends. */
  async lock(query: Query): Promise<void> {
    await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [this.sql]);
  }

  /** Removes it, if that can be done. */
  async drop(connection: Connection): Promise<void> {
    await connection.query(`DROP TABLE IF EXISTS ${this.sql}`).catch(() => undefined);
  }
}

function parse(comment: string | null): TableAbout | undefined {
  try {
    const about = JSON.parse(comment ?? 'null');
    return about?.format === FORMAT ? about : undefined;
  } catch {
    return undefined;
  }
}

import { type Matrix, TowerkitError } from '@towerkit/core';

import { unknownId } from '../../checks/ids.js';
import { batches } from '../database/batches.js';
import type { About } from '../database/database-index.js';
import type { Found, ReplaceOptions, Rows, Store, StoreFilter } from '../database/store.js';
import {
  type CollectionAbout,
  createCollection,
  load,
  makeSearchable,
  rowsOf,
  type Standing,
  standing,
  tellAttributes,
} from './collection.js';
import type { Connection } from './connection.js';
import { filterExpression, idsExpression, isStorable } from './filter-expression.js';
import { countOf, exact, idsOf, MOST, nearest } from './search.js';
import type { Settings } from './settings.js';

/** One collection behind an alias; a build makes another and turns the alias. */
export class MilvusStore implements Store {
  size = 0;
  readonly few = 1000;
  readonly most = MOST;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly #about: CollectionAbout;
  #standing: Standing | undefined;
  /** Collections of builds that failed and could not be dropped. */
  #leftovers: string[] = [];

  constructor(
    readonly connection: Connection,
    { dimensions, metric }: About,
    readonly options: Settings,
    public ef: number,
  ) {
    this.settings = { ...options };
    this.#about = { dimensions, metric, attributes: [] };
  }

  get #alias(): string {
    return this.options.collection;
  }

  async replace(rows: Rows, { onProgress, signal }: ReplaceOptions): Promise<void> {
    checkStorable(rows);
    const { connection, options } = this;
    const about = { ...this.#about, attributes: Object.keys(rows.attributes) };
    const old = await standing(connection, this.#alias); // never in place of another program's collection
    await this.#dropLeftovers();
    const fresh = await createCollection(connection, about, options);
    try {
      const total = rows.ids.length;
      for (const { from, to } of batches(total, options.batch)) {
        signal?.throwIfAborted();
        await this.#write(fresh.name, rows, from, to);
        onProgress?.({ stage: 'index', done: to, total, unit: 'vectors' });
      }
      signal?.throwIfAborted();
      await makeSearchable(connection, fresh.name, options.buildTimeout);
      signal?.throwIfAborted();
      await this.#point(fresh.name, old !== undefined);
    } catch (error) {
      this.#leftovers.push(fresh.name);
      await this.#dropLeftovers();
      throw error;
    }
    [this.#standing, this.size] = [fresh, rows.ids.length];
    if (old !== undefined) this.#leftovers.push(old.name);
    await this.#dropLeftovers();
  }

  async upsert(rows: Rows): Promise<void> {
    checkStorable(rows);
    const { connection, options } = this;
    const old = await standing(connection, this.#alias);
    if (old === undefined) {
      const fresh = await createCollection(connection, this.#about, options);
      await makeSearchable(connection, fresh.name, options.buildTimeout);
      await this.#point(fresh.name, false);
      this.#standing = fresh;
    } else this.#checkFits((this.#standing = old));
    const current = this.#standing!;
    const names = new Set([...current.attributes, ...Object.keys(rows.attributes)]);
    if (names.size > current.attributes.length) {
      await tellAttributes(connection, current.name, [...names]);
      this.#standing = { ...current, attributes: [...names] };
    }
    let written = 0;
    try {
      for (const { from, to } of batches(rows.ids.length, options.batch)) {
        await this.#write(current.name, rows, from, to);
        written = to;
      }
    } catch (error) {
      throw half(error as TowerkitError, written, rows.ids.length);
    }
    this.size = await countOf(connection, current.name);
  }

  async remove(ids: ArrayLike<number>): Promise<void> {
    const { connection, options } = this;
    if (!(await this.#serves())) throw unknownId(ids[0]);
    const { name } = this.#standing!;
    const all = Array.from(ids);
    for (const { from, to } of batches(all.length, options.batch)) {
      const part = all.slice(from, to);
      const there = new Set(await idsOf(connection, name, idsExpression(part)));
      const missing = part.find((id) => !there.has(id));
      if (missing !== undefined) throw unknownId(missing);
    }
    const filter = idsExpression(all); // one request: all of it or nothing
    await connection.call((client) => client.delete({ collection_name: name, filter }));
    this.size = await countOf(connection, name);
  }

  async nearest(queries: Matrix, count: number, filter: StoreFilter): Promise<Found[]> {
    if (!(await this.#serves())) return nothing(queries);
    let candidates = Math.max(count, this.ef);
    if (this.connection.isLite && isGiven(filter)) {
      // Milvus looks for candidates that pass; its small sibling takes what passes out of those that it looks at.
      const passing = await countOf(this.connection, this.#alias, filterExpression(filter));
      if (passing <= this.few) return nothing(queries);
      candidates = Math.ceil((1.5 * candidates * this.size) / passing);
    }
    return nearest(this.connection, this.#alias, queries, count, filter, candidates);
  }

  async exact(queries: Matrix, k: number, filter: StoreFilter): Promise<Found[]> {
    if (!(await this.#serves())) return nothing(queries);
    return exact(this.connection, this.#alias, queries, k, filter);
  }

  async attributes(fresh: boolean): Promise<Iterable<string>> {
    if (fresh || this.#standing === undefined) await this.refresh();
    return this.#standing?.attributes ?? [];
  }

  /** Milvus does not tell: the vectors, their ids and the graph's lowest layer. */
  async bytes(): Promise<number> {
    return this.size * (4 * this.#about.dimensions + 8 + 8 * this.options.m);
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** Reads what is there, and has it loaded. */
  async refresh(): Promise<void> {
    const found = await standing(this.connection, this.#alias);
    if (found !== undefined) await load(this.connection, found.name, this.options.timeout);
    this.size = found && this.#fits(found) ? await countOf(this.connection, found.name) : 0;
    this.#standing = found;
  }

  /** Whether there is a collection; asked again as long as there is none. */
  async isThere(): Promise<boolean> {
    if (this.#standing === undefined) await this.refresh();
    return this.#standing !== undefined;
  }

  async #serves(): Promise<boolean> {
    const isThere = await this.isThere();
    if (this.#standing !== undefined) this.#checkFits(this.#standing);
    return isThere;
  }

  async #write(name: string, rows: Rows, from: number, to: number): Promise<void> {
    const data = rowsOf(rows, from, to);
    await this.connection.call((client) => client.upsert({ collection_name: name, data }));
  }

  async #point(name: string, isThere: boolean): Promise<void> {
    const turned = { collection_name: name, alias: this.#alias };
    await this.connection.call((client) =>
      isThere ? client.alterAlias(turned) : client.createAlias(turned),
    );
  }

  async #dropLeftovers(): Promise<void> {
    const names = this.#leftovers;
    this.#leftovers = [];
    for (const name of names)
      await this.connection
        .find((client) => client.dropCollection({ collection_name: name }))
        .catch(() => this.#leftovers.push(name));
  }

  #fits = ({ dimensions, metric }: Standing) =>
    dimensions === this.#about.dimensions && metric === this.#about.metric;

  #checkFits(found: Standing): void {
    if (this.#fits(found)) return;
    const { dimensions, metric } = found;
    throw new TowerkitError(
      'SHAPE_MISMATCH',
      `${this.#alias} holds vectors of ${dimensions} values, compared by ${metric}`,
      { hint: 'open it so, or build this index, which replaces them', details: { dimensions, metric } },
    );
  }
}

const isGiven = ({ allow, deny, where }: StoreFilter) =>
  allow !== undefined || where !== undefined || (deny?.length ?? 0) > 0;

const nothing = ({ rows }: Matrix): Found[] => Array.from({ length: rows }, () => ({ ids: [], scores: [] }));

/** Milvus has no transactions: what was written before a failure stays. */
const half = (error: TowerkitError, done: number, total: number) =>
  new TowerkitError(error.code, error.message, {
    hint: `${done} of ${total} rows at least are done; the same call again does the rest`,
    details: { done, total },
    cause: error.cause,
  });

/** @throws TowerkitError `BAD_ATTRIBUTE` */
function checkStorable({ attributes }: Rows): void {
  for (const [name, values] of Object.entries(attributes))
    if (!isStorable(name) || !values.every(isStorable))
      throw new TowerkitError(
        'BAD_ATTRIBUTE',
        `attribute ${JSON.stringify(name)} has a string with a control character or half a pair`,
        { hint: 'the driver milvus cannot hold it', details: { attribute: name } },
      );
}

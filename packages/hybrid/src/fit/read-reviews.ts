import { isTowerkitError, Rng, type OnProgress } from '@towerkit/core';
import {
  filterRows,
  fingerprint,
  readDataset,
  requireOverlap,
  type Catalog,
  type DatasetSource,
  type InteractionLog,
  type OnBadRow,
  type ReadLog,
} from '@towerkit/data';
import { catalogRows, textsOf } from '@towerkit/features';

import { TowerkitError } from '../errors.js';
import type { HybridConfig } from '../schema.js';

/** Reviews, cleaned: what the hybrid learns from. */
export interface Reviews {
  readonly log: InteractionLog & { readonly rating: Float32Array };
  readonly catalog?: Catalog;
  /** Title and text of each review, [rows]. */
  readonly texts: readonly string[];
  /** What is known of each product without its reviews, [items]. */
  readonly productTexts: readonly string[];
  /** Name of each product, its id where it has none, [items]. */
  readonly names: readonly string[];
  /** 1 for anonymous users, [users]. */
  readonly anonymous: Uint8Array;
  /** Rows from the earliest to the latest; a seeded shuffle without dates. */
  readonly order: Int32Array;
  /** Device of each row by code, 0 for unknown; absent without the column. */
  readonly device?: { readonly codes: Int32Array; readonly names: readonly string[] };
  /** Columns that the source lacks and what follows, as sentences for a report. */
  readonly lacks: readonly string[];
  readonly skipped: number;
  readonly fingerprint: string;
}

type Columns = Readonly<Record<string, string>>;

/**
 * Reads reviews and cleans them: a missing title, text and user name become placeholders, a missing manufacturer the most
 * common one. Columns that the source lacks are left out, and `lacks` names them.
 *
 * @throws TowerkitError `MISSING_COLUMN` for a source without user, item, rating or text; `BAD_RATING` for a rating outside
 *   the scale, unless such rows are skipped; what reading throws
 */
export async function readReviews(
  { folder, source }: { readonly folder: string; readonly source: DatasetSource },
  hybrid: HybridConfig,
  { onBadRow, seed }: { onBadRow: OnBadRow; seed: number },
  onProgress?: OnProgress,
): Promise<Reviews> {
  const { interactions, catalog: catalogSource, anonymousUsers = [] } = source;
  for (const role of ['rating', 'text'] as const)
    if (!interactions?.columns?.[role])
      throw new TowerkitError('MISSING_COLUMN', `the data set names no column for the ${role}`, {
        hint: `name it in data.dataset.columns.${role}`,
        details: { column: role },
      });
  const read = async (more: Columns): Promise<{ log: ReadLog; catalog?: Catalog; more: Columns }> => {
    try {
      const { log, catalog } = await readDataset(
        folder,
        { interactions, catalog: catalogSource },
        {
          columns: { ...interactions!.columns!, more },
          whenEmpty: { user: hybrid.placeholders.user },
          onBadRow,
          onProgress,
        },
      );
      return { log, catalog, more };
    } catch (error) {
      const found = isTowerkitError(error, 'MISSING_COLUMN') ? (error.details.found as string[]) : undefined;
      const left = Object.fromEntries(Object.entries(more).filter(([, column]) => found?.includes(column)));
      if (!found || Object.keys(left).length === Object.keys(more).length) throw error;
      return read(left);
    }
  };
  const { log: all, catalog, more } = await read(hybrid.columns);
  if (catalog) requireOverlap(all, catalog);
  const { log, outside } = withinScale(all, hybrid.scale, onBadRow);
  const lacks = Object.entries(hybrid.columns).flatMap(([role, column]) =>
    role in more || hasInCatalog(role, catalog) ? [] : [`no column "${column}": ${CONSEQUENCES[role]}`],
  );
  if (!log.time) lacks.push('no dates: the order of the reviews is a seeded shuffle');
  const texts = reviewTexts(log, hybrid.placeholders);
  const { productTexts, names } = describeProducts(log, catalog);
  return {
    log,
    catalog,
    texts,
    productTexts,
    names,
    anonymous: anonymousUsersOf(log, [...hybrid.anonymous, ...anonymousUsers]),
    order: orderOf(log, seed),
    ...(log.more?.device && { device: codesOf(log.more.device) }),
    lacks,
    skipped: all.skipped + outside,
    fingerprint: fingerprint(log),
  };
}

const CONSEQUENCES: Columns = {
  title: 'reviews are their text alone',
  name: 'products have no name',
  brand: 'product texts name no brand',
  categories: 'product texts name no categories',
  manufacturer: 'product texts name no manufacturer',
  device: 'nothing is known of devices',
};

/** Columns of the catalog that replace a column of the reviews. */
const IN_CATALOG: Readonly<Record<string, readonly string[]>> = {
  name: ['title', 'name'],
  brand: ['brand'],
  categories: ['categories', 'category', 'subcategory'],
  manufacturer: ['manufacturer'],
};

const hasInCatalog = (role: string, catalog: Catalog | undefined) =>
  (IN_CATALOG[role] ?? []).some((name) => catalog?.table.columnNames().includes(name));

function withinScale(
  log: ReadLog,
  [low, high]: readonly [number, number],
  onBadRow: 'error' | 'skip',
): { log: Reviews['log']; outside: number } {
  const rating = log.rating!;
  const bad = Array.from(rating.keys()).filter((row) => !(rating[row] >= low && rating[row] <= high));
  if (bad.length === 0) return { log: { ...log, rating }, outside: 0 };
  if (onBadRow === 'error')
    throw new TowerkitError(
      'BAD_RATING',
      `"${log.users.nameOf(log.user[bad[0]])}" rated "${log.items.nameOf(log.item[bad[0]])}" ${rating[bad[0]]}, which is outside the scale [${low}, ${high}]`,
      {
        hint: 'correct hybrid.scale or the file, or leave such rows out with --on-bad-row skip',
        details: { rating: rating[bad[0]], rows: bad.length },
      },
    );
  const keep = new Uint8Array(rating.length).fill(1);
  for (const row of bad) keep[row] = 0;
  const kept = filterRows(log, keep, 'keep');
  return { log: { ...kept, rating: kept.rating! }, outside: bad.length };
}

function reviewTexts(log: InteractionLog, { title, text }: HybridConfig['placeholders']): string[] {
  const titles = log.more?.title?.map((value) => value.trim() || title);
  const bodies = log.text!.map((value) => value.trim() || text);
  return titles ? bodies.map((body, row) => `${titles[row]}. ${body}`) : bodies;
}

/** A product is described by the catalog where there is one, else by the first of its reviews with a value. */
function describeProducts(log: InteractionLog, catalog: Catalog | undefined) {
  const columns: (readonly unknown[])[] = [];
  let named: readonly unknown[] | undefined;
  for (const [role, inCatalog] of Object.entries(IN_CATALOG)) {
    const own = log.more?.[role] && firstOf(log, log.more[role]);
    const fromCatalog = inCatalog.flatMap((name) => {
      if (!catalog?.table.columnNames().includes(name)) return [];
      const values = catalog.table.array(name) as ArrayLike<unknown>;
      return [Array.from(catalogRows(log, catalog), (row) => (row < 0 ? null : values[row]))];
    });
    const found = fromCatalog.length > 0 ? fromCatalog : own ? [own] : [];
    if (role === 'name') named = found[0];
    columns.push(
      ...(role === 'manufacturer' ? found.map((values) => withMode(values, log.more?.[role])) : found),
    );
  }
  return {
    productTexts: columns.length > 0 ? textsOf(columns) : log.items.names.map(() => ''),
    names: log.items.names.map((id, item) => {
      const name = named?.[item];
      return typeof name === 'string' && name.trim() !== '' ? name : id;
    }),
  };
}

function firstOf(log: InteractionLog, values: readonly string[]): string[] {
  const first = new Array<string>(log.items.size).fill('');
  values.forEach((value, row) => (first[log.item[row]] ||= value.trim()));
  return first;
}

/** Blanks become the value that is most common, among the reviews where they have the column. */
function withMode(values: readonly unknown[], reviews: readonly unknown[] = values): unknown[] {
  const counts = new Map<unknown, number>();
  for (const value of reviews) if (!blank(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [mode = ''] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0]);
  return values.map((value) => (blank(value) ? mode : value));
}

const blank = (value: unknown) => value === null || value === undefined || String(value).trim() === '';

function anonymousUsersOf({ users }: InteractionLog, names: readonly string[]): Uint8Array {
  const plain = (name: string) => name.replace(/\s+/g, '').toLowerCase();
  const known = new Set(names.map(plain));
  return Uint8Array.from(users.names, (name) => (known.has(plain(name)) ? 1 : 0));
}

/** Rows by time, those of one moment as they stand; without times in a seeded shuffle. */
function orderOf({ time, user }: InteractionLog, seed: number): Int32Array {
  const rows = Int32Array.from(user.keys());
  return time ? rows.sort((a, b) => time[a] - time[b] || a - b) : new Rng(seed).fork('order').shuffle(rows);
}

function codesOf(values: readonly string[]): { codes: Int32Array; names: string[] } {
  const names = [...new Set(values.map((value) => value.trim()).filter(Boolean))].sort();
  return { codes: Int32Array.from(values, (value) => names.indexOf(value.trim()) + 1), names };
}

import { readFile } from 'node:fs/promises';

import { TowerkitError } from '@towerkit/core';
import { holdPath, writeFileAtomic } from '@towerkit/core/files';
import { writeTable, type ColumnType } from '@towerkit/data';
import {
  outlineOf,
  requireClassTable,
  surroundings,
  type ClassTable,
  type GeoMap,
  type SurroundingsOptions,
} from '@towerkit/geo';

import { readPlaces, type PlaceColumns } from './place-file.js';

/** Options of {@link writeSurroundings}. */
export interface WriteSurroundingsOptions extends PlaceColumns, Omit<SurroundingsOptions, 'classes'> {
  /** Table of the places: CSV, TSV or Parquet. */
  readonly places: string;
  /** What stands where: `.osm.pbf`, `.geojson` or `.json`. */
  readonly osm: string;
  /** The table to write: `.csv`, `.csv.gz`, `.tsv` or `.parquet`. */
  readonly out: string;
  /** A JSON file with another table of classes. */
  readonly classes?: string;
  /** A GeoJSON file to write: water, streets and buildings near the places, for `serve --ground`. */
  readonly ground?: string;
}

/** What {@link writeSurroundings} wrote, and how many places are where. */
export interface WrittenSurroundings {
  readonly file: string;
  readonly columns: readonly string[];
  readonly inside: number;
  readonly outside: number;
  readonly unknown: number;
  readonly bad: number;
  readonly cut: number;
  readonly map: ReturnType<GeoMap['counts']>;
  readonly leftOut: GeoMap['leftOut'];
}

/**
 * Writes what stands around places, a row for each place of a table, in its order; see `surroundings` of `@towerkit/geo`.
 *
 * @throws TowerkitError `UNKNOWN_FORMAT`, `MISSING_COLUMN`, `BAD_VALUE`; `FILE_NOT_FOUND` and `BAD_FILE` for the classes; what
 *   `surroundings` throws; `UNWRITABLE`, `LOCKED`
 * @example
 * ```ts
 * await writeSurroundings({ places: 'places.csv', osm: 'city.osm.pbf', out: 'around.csv', radii: [100, 500] });
 * ```
 */
export async function writeSurroundings(options: WriteSurroundingsOptions): Promise<WrittenSurroundings> {
  const { out } = options;
  // Said before the map is read, which may take minutes.
  if (!/\.(csv|csv\.gz|tsv|parquet)$/i.test(out))
    throw new TowerkitError('UNKNOWN_FORMAT', `cannot write ${out}`, {
      hint: 'its name ends in .csv, .csv.gz, .tsv or .parquet',
    });
  return holdPath(out, () => measureTo(options), { makeParents: false });
}

async function measureTo(options: WriteSurroundingsOptions): Promise<WrittenSurroundings> {
  const { places: file, osm, out, classes, ground, id, lat, lon, ...rest } = options;
  const table = classes === undefined ? undefined : await readClasses(classes);
  const { idColumn, ids, places } = await readPlaces(file, { id, lat, lon });
  const { map, names, columns, ...counts } = await surroundings(osm, places, { ...rest, classes: table });
  const schema: Record<string, ColumnType> = { [idColumn]: 'VARCHAR' };
  for (const name of names) schema[name] = name.endsWith('_count') ? 'INTEGER' : 'DOUBLE';
  const cells = names.map((name) => [name, Array.from(columns[name], orMissing)] as const);
  await writeTable(out, schema, [{ ...Object.fromEntries(cells), [idColumn]: ids }]);
  if (ground !== undefined) await writeFileAtomic(ground, JSON.stringify(outlineOf(map)));
  return { file: out, columns: names, ...counts, map: map.counts(), leftOut: map.leftOut };
}

const orMissing = (value: number) => (Number.isNaN(value) ? null : value);

async function readClasses(path: string): Promise<ClassTable> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new TowerkitError('FILE_NOT_FOUND', `cannot read ${path}: ${cause.message}`, { cause });
  });
  let table: unknown;
  try {
    table = JSON.parse(text);
  } catch (cause) {
    throw new TowerkitError('BAD_FILE', `${path} is no JSON: ${(cause as Error).message}`, { cause });
  }
  requireClassTable(table);
  return table;
}

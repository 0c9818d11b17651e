import { readFile } from 'node:fs/promises';

import { TowerkitError } from '@towerkit/core';
import { holdPath } from '@towerkit/core/files';
import { writeTable, type ColumnType } from '@towerkit/data';
import { requireClassTable, surroundings, type ClassTable } from '@towerkit/geo';

import { Console } from '../report/console.js';
import { grouped } from '../report/tables.js';
import { interruptible } from './interruptible.js';
import { readPlaces, type PlaceColumns } from './place-file.js';

/** Flags of `towerkit geo-features`. */
export interface GeoFeaturesFlags extends PlaceColumns {
  readonly osm: string;
  readonly places: string;
  readonly out: string;
  readonly radius?: readonly number[];
  readonly nearest?: readonly string[];
  readonly within?: number;
  readonly classes?: string;
  readonly onBad?: 'error' | 'skip';
  readonly json?: boolean;
}

export async function geoFeaturesCommand(flags: GeoFeaturesFlags): Promise<number> {
  // Said before the map is read, which may take minutes.
  if (!/\.(csv|csv\.gz|tsv|parquet)$/i.test(flags.out))
    throw new TowerkitError('UNKNOWN_FORMAT', `cannot write ${flags.out}`, {
      hint: '--out ends in .csv, .csv.gz, .tsv or .parquet',
    });
  return holdPath(flags.out, () => measureTo(flags), { makeParents: false });
}

async function measureTo(flags: GeoFeaturesFlags): Promise<number> {
  const out = new Console(flags.json === true);
  const classes = flags.classes === undefined ? undefined : await readClasses(flags.classes);
  const { idColumn, ids, places } = await readPlaces(flags.places, flags);
  return interruptible(async (display, signal) => {
    const { map, names, columns, ...counts } = await surroundings(flags.osm, places, {
      ...{ classes, radii: flags.radius, nearest: flags.nearest, nearestWithin: flags.within },
      ...{ onBad: flags.onBad, signal, onProgress: display.update },
    });
    display.stop();
    const schema: Record<string, ColumnType> = { [idColumn]: 'VARCHAR' };
    for (const name of names) schema[name] = name.endsWith('_count') ? 'INTEGER' : 'DOUBLE';
    const cells = names.map((name) => [name, Array.from(columns[name], orMissing)] as const);
    await writeTable(flags.out, schema, [{ ...Object.fromEntries(cells), [idColumn]: ids }]);
    const { outside, unknown, bad, cut } = counts;
    out.show(`${names.length} columns of ${grouped(counts.inside)} places in ${flags.out}`);
    if (outside + unknown + bad > 0)
      out.note(
        `missing: ${grouped(outside)} places outside the map, ${grouped(unknown)} without coordinates, ${grouped(bad)} out of range`,
      );
    if (cut > 0) out.note(`${grouped(cut)} places have a circle that reaches beyond the map`);
    out.result({ file: flags.out, columns: names, ...counts, map: map.counts(), leftOut: map.leftOut });
  });
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

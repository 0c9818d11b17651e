/**
 * The New York check-ins at places that an extract of OpenStreetMap covers, as a folder of its own: `checkins.csv`, and `places.csv`,
 * which has what stands around each place beside its coordinates. `configs/places/surroundings.mjs` reads it.
 *
 *     node dist/places-inside.js --data FOLDER --out FOLDER
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { readTable, writeTable, type Table, type TableBatch, type TableSchema } from '@towerkit/data';
import { writeSurroundings } from '@towerkit/pipeline';

import { flags, print } from './arguments.js';

const { data, out } = flags({ data: '../../../shared/datasets/nyc-checkins-osm', out: 'nyc-inside' });
await mkdir(out, { recursive: true });
const places = join(data, 'pois.csv.gz');
const around = join(out, 'surroundings.csv');
const { columns: measured } = await writeSurroundings({
  ...{ places, out: around, osm: join(data, 'manhattan.osm.pbf') },
  ...{ id: 'poi_id', lat: 'lat', lon: 'lon' },
});

/** Cells of a table's columns in some of its rows. */
const cells = (columns: Table['columns'], rows: readonly number[]): TableBatch =>
  Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, rows.map((row) => String(values[row] ?? ''))]),
  );

/** Writes some rows of columns, all of them as text. */
async function write(name: string, columns: Table['columns'], rows: readonly number[]): Promise<void> {
  const schema: TableSchema = Object.fromEntries(Object.keys(columns).map((column) => [column, 'VARCHAR']));
  await writeTable(join(out, name), schema, [cells(columns, rows)]);
}

const where = await readTable(places);
const surroundings = await readTable(around);
// A place outside the extract has no figures.
const inside = [...Array(where.rows).keys()].filter(
  (row) => Number(surroundings.columns[measured[0]][row] || NaN) >= 0,
);
const { poi_id: ids, lat, lon } = where.columns;
const kept = new Set(inside.map((row) => ids[row] as string));
const columns = Object.fromEntries(measured.map((name) => [name, surroundings.columns[name]]));
await write('places.csv', { poi_id: ids, lat, lon, ...columns }, inside);

const log = await readTable(join(data, 'checkins.csv.gz'));
const visits = [...Array(log.rows).keys()].filter((row) => kept.has(log.columns.poi_id[row] as string));
await write('checkins.csv', log.columns, visits);
print(`${inside.length} of ${where.rows} places and ${visits.length} of ${log.rows} check-ins, in ${out}`);

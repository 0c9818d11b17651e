/**
 * The New York check-ins at places that an extract of OpenStreetMap covers, as a folder of its own: `checkins.csv`, and `places.csv`,
 * which has what stands around each place beside its coordinates. `configs/places/surroundings.mjs` reads it.
 *
 *     node dist/places-inside.js --data FOLDER --out FOLDER [--cold 0.2 --seed 0]
 *
 * `--cold` leaves out what so many of the places, drawn at random, were visited before the last tenth of the rows: places that
 * nobody has been to, with questions about them.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { Rng } from '@towerkit/core';
import { readTable, writeTable, type Table, type TableBatch, type TableSchema } from '@towerkit/data';
import { writeSurroundings } from '@towerkit/pipeline';

import { flags, print } from './arguments.js';

const { data, out, cold, seed } = flags({
  ...{ data: '../../../shared/datasets/nyc-checkins-osm', out: 'nyc-inside' },
  ...{ cold: '0', seed: '0' },
});
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
const minutes = visits.map((row) => Number(log.columns.minute[row])).sort((a, b) => a - b);
const last = minutes[Math.floor(0.9 * minutes.length)];
const rng = new Rng(Number(seed));
const fresh = new Set([...kept].filter(() => rng.uniform() < Number(cold)));
const known = visits.filter(
  (row) => !fresh.has(log.columns.poi_id[row] as string) || Number(log.columns.minute[row]) >= last,
);
await write('checkins.csv', log.columns, known);
print(
  `${inside.length} of ${where.rows} places and ${known.length} of ${log.rows} check-ins, ${fresh.size} places without earlier ones, in ${out}`,
);

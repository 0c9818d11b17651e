import { TowerkitError } from '@towerkit/core';
import { readTable, type Table, type TableColumn } from '@towerkit/data';
import type { MaybePlace } from '@towerkit/geo';

/** Which columns a file of places has them in. */
export interface PlaceColumns {
  readonly id?: string;
  readonly lat?: string;
  readonly lon?: string;
}

/**
 * Reads places: their ids as text, and coordinates, undefined where a cell is empty.
 *
 * @throws TowerkitError `MISSING_COLUMN`; `BAD_VALUE` for a coordinate that is no number; what reading a table throws
 */
export async function readPlaces(
  path: string,
  { id, lat, lon }: PlaceColumns,
): Promise<{ idColumn: string; ids: string[]; places: MaybePlace[] }> {
  const table = await readTable(path);
  const idColumn = named(table, 'an id', id === undefined ? Object.keys(table.columns) : [id], path);
  const lats = named(table, 'a latitude', lat === undefined ? ['lat', 'latitude'] : [lat], path);
  const lons = named(table, 'a longitude', lon === undefined ? ['lon', 'lng', 'longitude'] : [lon], path);
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const number = (name: string, row: number) => numberOf(table.columns[name][row], name, row, path);
  return {
    idColumn,
    ids: rows.map((row) => String(table.columns[idColumn][row] ?? '')),
    places: rows.map((row) => ({ lat: number(lats, row), lon: number(lons, row) })),
  };
}

function named({ columns }: Table, what: string, names: readonly string[], path: string): string {
  const found = names.find((name) => Object.hasOwn(columns, name));
  if (found !== undefined) return found;
  throw new TowerkitError('MISSING_COLUMN', `${path} has no column ${names.join(' or ')} for ${what}`, {
    hint: `it has ${Object.keys(columns).join(', ')}; --id, --lat and --lon name others`,
    details: { file: path, columns: Object.keys(columns) },
  });
}

function numberOf(cell: TableColumn[number], name: string, row: number, path: string): number | undefined {
  if (cell === null || (typeof cell === 'string' && cell.trim() === '')) return undefined;
  const value = Number(cell);
  if (!Number.isNaN(value)) return value;
  throw new TowerkitError('BAD_VALUE', `${path}: row ${row} has ${JSON.stringify(cell)} for ${name}`, {
    hint: 'coordinates are degrees with a decimal point; leave unknown ones empty',
    details: { file: path, row, column: name },
  });
}

import type { Catalog, InteractionLog } from '@towerkit/data';

import { TowerkitError } from './errors.js';

/** Row of the catalog for each item of the log, -1 for an item it lacks: [items]. */
export const catalogRows = ({ items }: Pick<InteractionLog, 'items'>, catalog: Catalog): Int32Array =>
  Int32Array.from(items.names, (name) => catalog.items.indexOf(name) ?? -1);

/**
 * Reads columns of the catalog by name, one value for each item of the log, null for an item that the catalog lacks.
 *
 * @throws TowerkitError `MISSING_COLUMN` listing what the catalog has
 */
export function catalogColumns(
  log: Pick<InteractionLog, 'items'>,
  catalog: Catalog | undefined,
): (name: string) => unknown[] {
  const rows = catalog && catalogRows(log, catalog);
  return (name) => {
    const found = catalog?.table.columnNames() ?? [];
    if (!found.includes(name))
      throw new TowerkitError('MISSING_COLUMN', `data.features: the catalog has no column "${name}"`, {
        hint: found.length > 0 ? `it has ${found.join(', ')}` : 'the data set has no catalog',
        details: { column: name, found },
      });
    const values = catalog!.table.array(name) as ArrayLike<unknown>;
    return Array.from(rows!, (row) => (row < 0 ? null : values[row]));
  };
}

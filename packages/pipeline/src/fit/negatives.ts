import { coordinatesOf, onGlobe } from '@towerkit/data';
import { catalogRows } from '@towerkit/features';
import type { TrainingBatchOptions } from '@towerkit/training';

import type { ResolvedConfig } from '../config/schema.js';
import type { Prepared } from '../data/prepare.js';

/** A column of the items: [items], null where nothing is known. */
type ItemColumn = (name: string) => ArrayLike<unknown>;

/** What is drawn for a batch, or all. */
type Negatives = NonNullable<TrainingBatchOptions['negatives']>;

/**
 * The negatives of a config as training takes them, at most as many of a kind as there are items. Those `nearby` are told where the
 * items lie; they are left out where the data has no location and the config goes on without (`data.absent: 'skip'`).
 */
export function negativesOf(
  { negatives, data }: Pick<ResolvedConfig, 'negatives' | 'data'>,
  items: number,
  column: ItemColumn,
): Negatives {
  if (negatives === 'all') return negatives;
  const location = Object.values(data.features.locations)[0];
  return negatives.flatMap(({ count: most, ...wanted }) => {
    const count = Math.min(most, items);
    if (wanted.kind !== 'nearby') return { proposal: wanted, count };
    if (!location) return [];
    return { proposal: { ...wanted, positions: positionsOf(location, items, column) }, count };
  });
}

/** Columns of the items that the data were prepared with. */
export function itemColumns({ log, catalog }: Pick<Prepared, 'log' | 'catalog'>): ItemColumn {
  // Looked up when a column is asked for: most configs ask for none.
  return (name) => {
    const rows = catalog && catalogRows(log, catalog);
    return Array.from({ length: log.items.size }, (_, item) =>
      rows && rows[item] >= 0 ? catalog.table.get(name, rows[item]) : null,
    );
  };
}

/** Kilometres from the centre of the Earth, [items, 3]; NaN where a place is not known. */
function positionsOf(
  location: ResolvedConfig['data']['features']['locations'][string],
  items: number,
  column: ItemColumn,
): Float64Array {
  const [latitudes, longitudes] = [column(location.latitude), column(location.longitude)];
  const positions = new Float64Array(3 * items).fill(NaN);
  for (let item = 0; item < items; item++) {
    const [latitude, longitude] = [latitudes[item], longitudes[item]];
    if (typeof latitude !== 'number' || typeof longitude !== 'number') continue;
    const place = coordinatesOf(latitude, longitude, location);
    // What is no place on the globe was refused when the features were read.
    if (place !== null && typeof place !== 'string') positions.set(onGlobe(place), 3 * item);
  }
  return positions;
}

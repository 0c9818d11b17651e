import { placesReading } from './_signals.mjs';

/** Columns that `geo-features` makes: shops, roads, parks and so on within 100, 200 and 500 m. */
const CLASSES = {
  pois: ['count'],
  places: ['count'],
  traffic: ['count'],
  transport: ['count'],
  roads: ['count', 'len'],
  railways: ['count', 'len'],
  waterways: ['count', 'len'],
  buildings: ['count', 'area'],
  landuse: ['count', 'area'],
  natural: ['count', 'area'],
  water: ['count', 'area'],
};
const COLUMNS = [100, 200, 500].flatMap((radius) =>
  Object.entries(CLASSES).flatMap(([name, what]) => what.map((of) => `${name}_${radius}m_${of}`)),
);

/**
 * `places` on the New York places inside the extract, which `places-inside` writes.
 *
 * @param surroundings whether what stands around a place is read
 */
export function insideReading(name, { surroundings, ...signals }) {
  const config = placesReading(name, { ...signals, featureScale: 0.1 });
  const numeric = Object.fromEntries(
    COLUMNS.map((column) => [column, { transform: 'log1p', missing: false }]),
  );
  const { features, ...data } = config.data;
  return {
    ...config,
    data: {
      ...data,
      dataset: {
        file: 'checkins.csv',
        columns: { user: 'user_id', item: 'poi_id', time: 'minute' },
        timeUnit: 'minutes',
        catalog: {
          file: 'places.csv',
          columns: {
            id: 'poi_id',
            latitude: 'lat',
            longitude: 'lon',
            ...Object.fromEntries(COLUMNS.map((column) => [column, column])),
          },
        },
      },
      features: { ...features, ...(surroundings && { numeric }) },
    },
  };
}

import { gruTower, itemTower, twoTower } from 'towerkit';

import shipped from '../../../train/configs/places.ts';
import { onTest } from './_on-test.mjs';

/** Features of the moment that are weather; hour and weekday are its time. */
const { features: weather } = shipped.data.moment;

/**
 * `places` with some of what it reads.
 *
 * @param signals what to read: ids, content (categories, price, opening hours), distance, time, weather; all unless told
 * @param featureScale of the item tower
 */
export function placesReading(
  name,
  { ids = true, content = true, distance = true, time = true, weather: sky = true, featureScale = 1 },
) {
  const { categories, numeric, locations } = shipped.data.features;
  const moment = { ...(time ? { time: ['hour', 'weekday'] } : {}), ...(sky ? { features: weather } : {}) };
  return onTest(
    {
      ...shipped,
      data: {
        absent: 'skip',
        features: {
          ...(content ? { categories, numeric } : {}),
          ...(distance ? { locations } : {}),
        },
        ...(time || sky ? { moment } : {}),
      },
      model: (shapes) => modelOf(shapes, ids, featureScale),
    },
    name,
  );
}

/** The model of `places` over what is there. */
function modelOf({ categories, numeric, moment }, id, featureScale) {
  const inputs = moment?.inputs ?? {};
  return twoTower({
    item: itemTower({
      dimensions: 64,
      id,
      categories: Object.fromEntries(Object.keys(categories).map((name) => [name, 16])),
      numeric,
      featureScale,
    }),
    user: gruTower({ dimensions: 64, dropout: 0.4, inputs }),
    ...('location' in numeric ? { similarity: { location: { dimensions: 192, weight: 8 } } } : {}),
    idDropout: id && (Object.keys(categories).length > 0 || Object.keys(numeric).length > 0) ? 0.1 : 0,
    momentDropout: Object.keys(inputs).length > 0 ? 0.1 : 0,
  });
}

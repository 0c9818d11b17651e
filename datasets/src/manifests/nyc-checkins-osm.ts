import type { Manifest } from './manifest.js';

export const nycCheckinsOsm: Manifest = {
  name: 'nyc-checkins-osm',
  title: 'New York check-ins, with an extract of OpenStreetMap',
  homepage: 'https://github.com/yingtaoluo/Spatial-Temporal-Attention-Network-for-POI-Recommendation',
  license: 'See the homepage. The extract: (c) OpenStreetMap contributors, ODbL.',
  packaging:
    'Checksums are of a copy without the latest check-ins: checkins.csv.gz (user_id, poi_id, minute), pois.csv.gz (poi_id, lat, lon) ' +
    'and manhattan.osm.pbf. Minutes count from a start that is not said.',
  files: [
    { name: 'checkins.csv.gz', sha256: 'd298cf69d4fb9e3e46d375df8b0dff0e07f64bc4efb8abdd0bd6d5db94bff2db' },
    { name: 'pois.csv.gz', sha256: '657ee0bab2224c6030a25d2d216cd2e9870476da35d58303c835ba00953ed23c' },
  ],
  interactions: {
    file: 'checkins.csv.gz',
    columns: { user: 'user_id', item: 'poi_id', time: 'minute' },
    timeUnit: 'minutes',
  },
  catalog: {
    file: 'pois.csv.gz',
    columns: { id: 'poi_id', latitude: 'lat', longitude: 'lon' },
  },
  protocol:
    'Split by time; each check-in is asked for after those before it. All places are ranked, those visited before removed (first ' +
    'visits), or none removed (any next place). HR@10, NDCG@10, Recall@20.',
};

import type { Manifest } from './manifest.js';

export const yelpPhiladelphia: Manifest = {
  name: 'yelp-philadelphia',
  title: 'Restaurants of Philadelphia (Yelp) with features of their surroundings (OpenStreetMap)',
  homepage: 'https://www.yelp.com/dataset',
  license:
    "Restaurants: Yelp's dataset terms (personal, educational or academic use). Surroundings: OpenStreetMap " +
    'contributors, ODbL (https://www.openstreetmap.org/copyright). Not to be redistributed here.',
  packaging:
    'Derived: 5,851 restaurants and, by the same business_id, 54 counts, lengths and areas of what lies within ' +
    '100, 200 and 500 metres. Checksums are of these files.',
  files: [
    { name: 'restaurants.csv', sha256: '3b338c925feaf4dc4d057f62b0426792ae604427e1a23806b8b122e2d90d3d94' },
    {
      name: 'geo_feature_matrix.csv.gz',
      sha256: '7e2f314f7cd61b557c75fe4d02a58cd5a47ed008df14ee94fd6f9f3abc79fe78',
    },
  ],
  catalog: {
    file: 'restaurants.csv',
    format: 'csv',
    columns: {
      id: 'business_id',
      title: 'name',
      latitude: 'lat',
      longitude: 'lon',
      stars: 'stars',
      city: 'city',
      categories: 'categories',
    },
    types: { latitude: 'number', longitude: 'number', stars: 'number' },
  },
  protocol:
    'Items alone, no users: similar items by features, or prediction of `stars`, over a random split.',
};

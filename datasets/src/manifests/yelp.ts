import type { Manifest } from './manifest.js';

export const yelp: Manifest = {
  name: 'yelp',
  title: 'Yelp Open Dataset: reviews of restaurants',
  homepage: 'https://business.yelp.com/data/resources/open-dataset/',
  license: 'The terms of the Yelp Open Dataset: academic use, not to be redistributed.',
  packaging:
    'As published, unpacked: one JSON object a line; without checksums, which change with each edition.',
  files: [{ name: 'yelp_academic_dataset_review.json' }, { name: 'yelp_academic_dataset_business.json' }],
  interactions: {
    file: 'yelp_academic_dataset_review.json',
    format: 'jsonl',
    columns: {
      user: 'user_id',
      item: 'business_id',
      time: 'date',
      rating: 'stars',
      weight: 'stars',
      text: 'text',
    },
  },
  catalog: {
    file: 'yelp_academic_dataset_business.json',
    format: 'jsonl',
    columns: {
      id: 'business_id',
      title: 'name',
      latitude: 'latitude',
      longitude: 'longitude',
      category: 'categories',
      city: 'city',
      rating: 'stars',
      reviews: 'review_count',
      price: 'attributes.RestaurantsPriceRange2',
    },
    types: { category: 'text', city: 'text', price: 'number' },
    where: "regexp_matches(category, '(^|, )Restaurants(,|$)')",
  },
  protocol:
    'Businesses whose categories have Restaurants. Random split, 80/20, or by time. All places are ranked, those of the history removed. ' +
    'Recall@10, HR@10, Precision@10, NDCG@10.',
};

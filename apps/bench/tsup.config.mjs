import { preset } from '@towerkit/workspace/tsup';

export default preset(
  [
    'next-item',
    'catalog-size',
    'movielens',
    'movielens-cold',
    'ratings',
    'als',
    'geo',
    'places-inside',
    'complete-journey',
    'judging',
    'leaderboard',
    'learning-curves',
    'retrieval',
    'reviews',
    'search',
    'search-speed',
    'serving',
    'serving-limits',
    'serving-turns',
    'serving/ask-many',
    'text',
    'text-towers',
    'update',
  ].map((name) => `src/${name}.ts`),
  {
    format: ['esm'],
  },
);

import { preset } from '@towerkit/workspace/tsup';

export default preset(
  [
    'next-item',
    'catalog-size',
    'ratings',
    'als',
    'leaderboard',
    'learning-curves',
    'text-towers',
    'reviews',
  ].map((name) => `src/${name}.ts`),
  {
    format: ['esm'],
    dts: false,
  },
);

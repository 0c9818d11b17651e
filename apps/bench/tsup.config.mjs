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
    'serving',
  ].map((name) => `src/${name}.ts`),
  {
    format: ['esm'],
    dts: false,
  },
);

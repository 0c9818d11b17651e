import type { Manifest } from './manifest.js';

export const amazonVideoGames2023: Manifest = {
  name: 'amazon-video-games-2023',
  title: 'Amazon Reviews 2023, Video Games, 5-core',
  homepage: 'https://amazon-reviews-2023.github.io/',
  license: 'Research use; the homepage states no license of its own. Not to be redistributed here.',
  packaging:
    'Derived: the 5-core reviews of the category as time-ordered histories (position 0 is the oldest), with ' +
    'users renumbered and the latest target of each user held back; items with title, price, mean rating and ' +
    'platform. Checksums are of these derived files.',
  files: [
    {
      name: 'interactions.csv.gz',
      sha256: 'c0ccbb0fb84fff9870155a306858d1708aaae42448d178b0e0668bf83a79a2cb',
    },
    { name: 'items.csv.gz', sha256: 'd8b470e7bfdaa1ccd43b212c8d2487c0720fd65e10c65479aa5530617c258c68' },
  ],
  interactions: {
    file: 'interactions.csv.gz',
    format: 'csv',
    columns: { user: 'user_id', item: 'parent_asin', position: 'position' },
  },
  catalog: {
    file: 'items.csv.gz',
    format: 'csv',
    columns: {
      id: 'parent_asin',
      title: 'title',
      price: 'price',
      average_rating: 'average_rating',
      category: 'category',
    },
    types: { price: 'number', average_rating: 'number' },
  },
  protocol:
    "Leave-last-out by position, no further filtering: each user's last row is the target, the rows before it " +
    'train. Rank all items, the history removed. Users whose target repeats their history are not evaluated. ' +
    'HR@10, NDCG@10, HR@20.',
};

import { ANONYMOUS_NAMES } from '../shop/purchases.js';
import type { Manifest } from './manifest.js';

/** The generated shop, which is read like any public set. */
export const shopManifest: Manifest = {
  name: 'shop',
  title: 'A generated shop',
  homepage: 'https://github.com/towerkit/towerkit',
  license: 'MIT; everything in it is invented.',
  packaging: 'Written by writeShop; shop.json holds the options it was made from and the checksums.',
  files: [{ name: 'interactions.csv' }, { name: 'items.csv' }, { name: 'shop.json' }],
  interactions: {
    file: 'interactions.csv',
    format: 'csv',
    columns: {
      user: 'user_id',
      item: 'item_id',
      time: 'timestamp',
      rating: 'rating',
      text: 'review_text',
    },
  },
  catalog: {
    file: 'items.csv',
    format: 'csv',
    columns: {
      id: 'item_id',
      title: 'title',
      brand: 'brand',
      category: 'category',
      subcategory: 'subcategory',
      price: 'price',
      description: 'description',
    },
    types: { price: 'number' },
  },
  anonymousUsers: ANONYMOUS_NAMES,
  protocol:
    "Leave-last-out by time over the known users: each user's last row is the target, the rows before it train. " +
    'Rank all items, the history removed. Users whose target repeats their history are not evaluated. HR@10, ' +
    'NDCG@10, HR@20, beside popularity and the ideal ranking (idealScores).',
};

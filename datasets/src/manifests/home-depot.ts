import type { Manifest } from './manifest.js';

export const homeDepot: Manifest = {
  name: 'home-depot',
  title: 'Home Depot Product Search Relevance, as the competition gave it',
  homepage: 'https://www.kaggle.com/c/home-depot-product-search-relevance',
  license: 'Competition rules: for the competition and for research; not to be redistributed.',
  packaging: 'As published, unpacked; Latin-1. Queries, titles and labels are all in train.csv.',
  files: [{ name: 'train.csv' }, { name: 'product_descriptions.csv' }, { name: 'attributes.csv' }],
  judgments: {
    file: 'train.csv',
    encoding: 'latin-1',
    columns: { query: 'search_term', product: 'product_uid', label: 'relevance' },
    labels: { range: [1, 3] },
  },
  catalog: {
    file: 'train.csv',
    encoding: 'latin-1',
    columns: { id: 'product_uid', title: 'product_title' },
    duplicates: 'first',
  },
  protocol:
    'Split by query. NDCG@10 with gain (relevance - 1) / 2; relevant from relevance 2.33 on. The catalog is the products of the file.',
};

import type { Manifest } from './manifest.js';

export const homeDepotSearch: Manifest = {
  name: 'home-depot-search',
  title: 'Home Depot Product Search Relevance, queries and products in two tables',
  homepage: 'https://www.kaggle.com/c/home-depot-product-search-relevance',
  license: 'Competition rules: for the competition and for research; not to be redistributed.',
  packaging:
    'Derived: the labelled rows as judgments.csv.gz (query, product_uid, relevance) and their products with titles as ' +
    'products.csv.gz; one query in five is held back.',
  files: [
    { name: 'judgments.csv.gz', sha256: '242153aaf0241ca67ab9b9f56c2ff020924b7cc086409d37a3dff15996c1a8fd' },
    { name: 'products.csv.gz', sha256: '710bc2cc98cfd809edd4eba681461890042b0bf27d41d1e48b9f58f1d90c5721' },
  ],
  judgments: {
    file: 'judgments.csv.gz',
    columns: { query: 'query', product: 'product_uid', label: 'relevance' },
    labels: { range: [1, 3] },
    relevant: 0.65,
  },
  catalog: { file: 'products.csv.gz', columns: { id: 'product_uid', title: 'product_title' } },
  protocol:
    'Split by query. NDCG@10 over the judged products with gain (relevance - 1) / 2; Recall@10, Recall@100 and MRR@10 over all ' +
    'products, relevant from relevance 2.33 on; what nobody judged counts as irrelevant.',
};

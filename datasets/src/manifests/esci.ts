import type { Manifest } from './manifest.js';

export const esci: Manifest = {
  name: 'esci',
  title: 'Amazon Shopping Queries (ESCI), small version, US: queries, judgments and products in one table',
  homepage: 'https://github.com/amazon-science/esci-data',
  license: 'Apache-2.0',
  packaging:
    'The examples joined with their products, as one Parquet file named esci.parquet: query, query_id, product_id, product_title, ' +
    'product_brand, product_color, product_bullet_point, product_description, product_locale, esci_label, small_version, split. ' +
    'Labels are letters or words. The catalog is every product of the file, also those of other locales.',
  files: [{ name: 'esci.parquet' }],
  judgments: {
    file: 'esci.parquet',
    columns: { query: 'query', product: 'product_id', label: 'esci_label' },
    labels: {
      table: { E: 1, S: 0.1, C: 0.01, I: 0, Exact: 1, Substitute: 0.1, Complement: 0.01, Irrelevant: 0 },
    },
    only: { product_locale: 'us', small_version: '1' },
  },
  catalog: {
    file: 'esci.parquet',
    columns: { id: 'product_id', title: 'product_title', brand: 'product_brand', color: 'product_color' },
    duplicates: 'first',
  },
  protocol:
    'Split by query; the split of the file is not used. Gains 1, .1, .01, 0; relevant where exact. NDCG over the judged products.',
};

import type { Manifest } from './manifest.js';

export const wands: Manifest = {
  name: 'wands',
  title: 'Wayfair Annotation Dataset (WANDS)',
  homepage: 'https://github.com/wayfair/WANDS',
  license: 'MIT License',
  packaging: 'As published: tables separated by tabs, though their names end in .csv.',
  files: [{ name: 'label.csv' }, { name: 'product.csv' }, { name: 'query.csv' }],
  judgments: {
    file: 'label.csv',
    delimiter: '\t',
    columns: { query: 'query_id', product: 'product_id', label: 'label' },
    labels: { table: { Exact: 1, Partial: 0.5, Irrelevant: 0 } },
    queries: { file: 'query.csv', delimiter: '\t', columns: { id: 'query_id', text: 'query' } },
  },
  catalog: {
    file: 'product.csv',
    delimiter: '\t',
    columns: { id: 'product_id', title: 'product_name', class: 'product_class' },
  },
  protocol: 'Split by query. Gains 1, .5, 0; relevant where exact.',
};

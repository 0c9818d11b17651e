import type { Manifest } from './manifest.js';

export const completeJourney: Manifest = {
  name: 'complete-journey',
  title: 'The Complete Journey (84.51°, dunnhumby)',
  homepage: 'https://www.dunnhumby.com/source-files/',
  license:
    "dunnhumby's source files: for research and teaching, see the terms on the homepage. Not to be redistributed here.",
  packaging:
    'Checksums are of a copy in Parquet without the rows of December 2017: transactions with their time, products, and ' +
    'demographics of a third of the households.',
  files: [
    {
      name: 'transactions.parquet',
      sha256: 'ffde9d93223140e7607812c4f8a44a2bfb74c2d7e1e8925aa223f9eef55b9a52',
    },
    {
      name: 'products.parquet',
      sha256: '5d988eb648a3529ddc273700dadceab0c025d81a009712a12497cc2465cde536',
    },
    {
      name: 'demographics.parquet',
      sha256: 'c4ddda7e948a11bcb04f581cf8d64a329fda3ea72322a46f53002cc10877202b',
    },
  ],
  interactions: {
    file: 'transactions.parquet',
    columns: { user: 'household_id', item: 'product_id', time: 'transaction_timestamp' },
  },
  catalog: {
    file: 'products.parquet',
    columns: {
      id: 'product_id',
      title: 'product_type',
      department: 'department',
      category: 'product_category',
      type: 'product_type',
      brand: 'brand',
      manufacturer: 'manufacturer_id',
      size: 'package_size',
    },
  },
  protocol:
    'Split by time: what a household buys in the following four weeks. Recall@20 and NDCG@20 of products that it had not bought ' +
    'before, the rest not ranked; and with repeats among all others, reported apart.',
};

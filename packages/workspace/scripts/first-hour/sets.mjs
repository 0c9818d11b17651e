import { join } from 'node:path';

/** Roles of columns as `init --json` prints them, by dotted path. `use` stands for what each column of a table is read as. */
const columns = (side, uses) =>
  Object.fromEntries(Object.entries(uses).map(([column, use]) => [`${side}.use.${column}`, use]));

/**
 * The sets, each with the files that `init` is given and what it should guess of them.
 *
 * @param {string} shared folder of the public sets
 * @param {string} made folder of the made files
 */
export const setsIn = (shared, made) => [
  {
    name: 'ml-100k',
    files: ['u.data', 'u.item', 'u.user'].map((file) => join(shared, 'ml-100k', file)),
    expected: {
      'log.user.column': 'column 1',
      'log.item.column': 'column 2',
      'log.rating.column': 'column 3',
      'log.time.column': 'column 4',
      'log.time.unit': 'seconds',
      'catalog.id': 'column 1',
      ...columns('catalog', {
        'column 2': 'title',
        'column 3': 'date',
        'column 5': 'left out',
        'column 6': 'flag',
      }),
      'users.id': 'column 1',
      ...columns('users', {
        'column 2': 'number',
        'column 3': 'category',
        'column 4': 'category',
        'column 5': 'left out',
      }),
      'model.kind': 'next',
      'model.rates': true,
    },
  },
  {
    name: 'petaling-jaya-checkins',
    files: ['checkins.csv.gz', 'places.csv.gz'].map((file) => join(shared, 'petaling-jaya-checkins', file)),
    expected: {
      'log.user.column': 'user_id',
      'log.item.column': 'venue_id',
      'log.time.column': 'timestamp',
      'catalog.id': 'fsq_id',
      ...columns('catalog', { latitude: 'latitude', longitude: 'longitude', category: 'category' }),
      'model.kind': 'next',
      'model.repeats': true,
    },
  },
  {
    name: 'complete-journey',
    files: ['transactions', 'products', 'demographics'].map((file) =>
      join(shared, 'complete-journey', `${file}.parquet`),
    ),
    expected: {
      'log.user.column': 'household_id',
      'log.item.column': 'product_id',
      'log.time.column': 'transaction_timestamp',
      'log.weight.column': 'quantity',
      'catalog.id': 'product_id',
      ...columns('catalog', { department: 'category', brand: 'category', product_category: 'category' }),
      'users.id': 'household_id',
      ...columns('users', { age: 'category', income: 'category' }),
      'model.kind': 'baskets',
      'model.repeats': true,
    },
  },
  {
    name: 'home-depot-search',
    files: ['judgments.csv.gz', 'products.csv.gz'].map((file) => join(shared, 'home-depot-search', file)),
    metric: 'ndcg@10',
    expected: {
      'log.queries': true,
      'log.user.column': 'query',
      'log.item.column': 'product_uid',
      'log.rating.column': 'relevance',
      'catalog.id': 'product_uid',
      ...columns('catalog', { product_title: 'title' }),
      'model.kind': 'queries',
    },
  },
  {
    name: 's3rec-beauty',
    files: [join(shared, 's3rec-beauty/sequences.txt.gz')],
    expected: { 'files.0.layout.format': 'sequences', 'model.kind': 'next', 'model.rates': false },
  },
  {
    name: 'made: semicolons',
    files: [join(made, 'semicolons')],
    expected: {
      'log.user.column': 'Kunde',
      'log.item.column': 'Artikel',
      'log.time.column': 'Datum',
      'log.time.format': '%d.%m.%Y %H:%M',
      'log.weight.column': 'Menge',
      'catalog.id': 'Artikel',
      ...columns('catalog', { Bezeichnung: 'title', Preis: 'number', Gruppe: 'category' }),
      'model.kind': 'next',
    },
  },
  {
    name: 'made: events',
    files: [join(made, 'events.jsonl')],
    expected: {
      'log.user.column': 'visitor',
      'log.item.column': 'product',
      'log.kind.column': 'event',
      'log.time.column': 'ts',
      'log.time.unit': 'milliseconds',
      'model.kind': 'next',
    },
  },
  {
    name: 'made: wide',
    files: [join(made, 'wide.parquet')],
    expected: {
      'log.user.column': 'reader',
      'log.item.column': 'isbn',
      'log.time.column': 'borrowed',
      'catalog.of_log': true,
      ...columns('catalog', { book_title: 'title', pages: 'number', subjects: 'list', author: 'category' }),
      'users.of_log': true,
      ...columns('users', { reader_age: 'number', branch: 'category' }),
      'model.kind': 'next',
    },
  },
];

/** Of what was expected: how many guesses are right, and those that are not. */
export function judge(result, expected) {
  const wrong = [];
  for (const [path, value] of Object.entries(expected)) {
    const [side, use, ...name] = path.split('.');
    const seen =
      use === 'use'
        ? result[side]?.columns.find(({ column }) => column === name.join('.'))?.use
        : path.split('.').reduce((at, key) => at?.[key], result);
    if (seen !== value) wrong.push(`${path}: ${seen}, not ${value}`);
  }
  const all = Object.keys(expected).length;
  return { right: all - wrong.length, all, wrong };
}

import fc from 'fast-check';

import { edit, type Edit } from '../generate/edits.js';
import { bad, core, id, rating, time, weight, word } from './data-values.js';

/** A row, and how its time, rating and weight are written. */
export interface DataRow {
  readonly user: string;
  readonly item: string;
  /** As written; what it stands for is `seconds`. */
  readonly time: string;
  readonly seconds: number;
  readonly rating: string;
  readonly kind: string;
  readonly weight: string;
}

/** How a file is written. */
export interface Layout {
  readonly format: 'csv' | 'tsv' | 'jsonl' | 'parquet' | 'sequences';
  readonly lineEnd: '\n' | '\r\n' | '\r' | 'mixed';
  /** Whether the last line has its end. */
  readonly finalEnd: boolean;
  readonly byteOrderMark: boolean;
  /** Whether values are quoted that need not be. */
  readonly quoteAll: boolean;
  readonly gzip: boolean;
  /** Other columns before and after, and the columns in another order. */
  readonly stray: boolean;
}

/** Rows that are right; they may be changed by edits afterwards. */
export interface RowsCase {
  readonly what: 'rows';
  readonly rows: readonly DataRow[];
  readonly layout: Layout;
  /** A value that is none, put into one row: such a row is refused, or counted where rows may be skipped. */
  readonly bad?: {
    readonly row: number;
    readonly column: 'user' | 'time' | 'rating' | 'kind' | 'weight';
    readonly value: string;
  };
  readonly skip: boolean;
  readonly edits: readonly Edit[];
}

/** Any text behind a header, compared with another reader. */
export interface TextCase {
  readonly what: 'text';
  readonly text: string;
}

/** A catalog whose column says what it holds. */
export interface CatalogCase {
  readonly what: 'catalog';
  readonly values: readonly string[];
  readonly type?: 'text';
  readonly lineEnd: '\n' | '\r\n';
}

export type DataCase = RowsCase | TextCase | CatalogCase;

const row: fc.Arbitrary<DataRow> = fc
  .record({ user: id, item: id, when: time, rating, kind: id, weight })
  .map(({ when, ...rest }) => ({ ...rest, ...when }));
const wordRow: fc.Arbitrary<DataRow> = fc.record({
  user: word,
  item: word,
  time: fc.constant('0'),
  seconds: fc.constant(0),
  rating: fc.constant('1'),
  kind: fc.constant('x'),
  weight: fc.constant('1'),
});

const layout = fc.record({
  format: fc.constantFrom<Layout['format']>('csv', 'csv', 'csv', 'tsv', 'jsonl', 'parquet'),
  lineEnd: fc.constantFrom<Layout['lineEnd']>('\n', '\n', '\r\n', '\r\n', '\r', 'mixed'),
  finalEnd: fc.boolean(),
  byteOrderMark: fc.oneof(
    { weight: 4, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  quoteAll: fc.boolean(),
  gzip: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  stray: fc.boolean(),
});
const rowsCase = (
  rows: fc.Arbitrary<DataRow>,
  layouts: fc.Arbitrary<Layout>,
  edits: fc.Arbitrary<readonly Edit[]>,
  spoilt: fc.Arbitrary<RowsCase['bad']>,
): fc.Arbitrary<RowsCase> =>
  fc.record({
    what: fc.constant('rows' as const),
    rows: fc.array(rows, { minLength: 1, maxLength: 12 }),
    layout: layouts,
    bad: spoilt,
    skip: fc.boolean(),
    edits,
  });

const none = fc.constant([] as readonly Edit[]);
const nothing = fc.constant(undefined);
const tokens = fc.constantFrom(
  '"',
  '"',
  ',',
  ',',
  '\n',
  '\n',
  '\r\n',
  '\r',
  'a',
  'b',
  ' ',
  '1',
  '""',
  'é',
  '\t',
  "'",
  'a,b\n',
);

/** Files of rows, right, with a wrong value, or damaged; any text; a column of a catalog. */
export const dataCase: fc.Arbitrary<DataCase> = fc.oneof(
  { weight: 5, arbitrary: rowsCase(row, layout, none, nothing) },
  { weight: 2, arbitrary: rowsCase(row, layout, none, bad) },
  { weight: 2, arbitrary: rowsCase(row, layout, fc.array(edit, { minLength: 1, maxLength: 3 }), nothing) },
  {
    weight: 1,
    arbitrary: rowsCase(
      wordRow,
      layout.map((one) => ({ ...one, format: 'sequences' as const })),
      none,
      nothing,
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .array(tokens, { minLength: 1, maxLength: 30 })
      .map((parts) => ({ what: 'text' as const, text: parts.join('') })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('catalog' as const),
      values: fc.array(fc.oneof(core, fc.constantFrom('1', '007', '2.50', ' x ', '', '1 000')), {
        minLength: 1,
        maxLength: 8,
      }),
      type: fc.constantFrom(undefined, 'text' as const),
      lineEnd: fc.constantFrom('\n' as const, '\r\n' as const),
    }),
  },
);

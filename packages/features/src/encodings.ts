import type { CategoricalEncoding, NumericEncoding } from '@towerkit/data';

import type { TextEncoding } from './text/text-encoding.js';

/** How one feature was made from columns: plain JSON, kept in the artifact so that new items are encoded the same way. */
export type FeatureEncoding = CategoricalEncoding | NumericEncoding | TextEncoding;

/** How each feature of a model's items was made, by name. */
export type Encodings = Readonly<Record<string, FeatureEncoding>>;

/** The columns of a catalog that encodings read, with what they must hold. */
export function columnsRead(encodings: Encodings): Record<string, 'text' | 'number'> {
  return Object.fromEntries(
    Object.entries(encodings).flatMap(([name, encoding]): [string, 'text' | 'number'][] =>
      encoding.kind === 'text'
        ? encoding.columns.map((column) => [column, 'text'])
        : [[name, encoding.kind === 'numeric' ? 'number' : 'text']],
    ),
  );
}

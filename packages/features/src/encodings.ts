import type { CategoricalEncoding, NumericEncoding } from '@towerkit/data';

import type { TextEncoding } from './text/text-encoding.js';

/** How one feature was made from columns: plain JSON, kept in the artifact so that new items are encoded the same way. */
export type FeatureEncoding = CategoricalEncoding | NumericEncoding | TextEncoding;

/** How each feature of a model's items was made, by name. */
export type Encodings = Readonly<Record<string, FeatureEncoding>>;

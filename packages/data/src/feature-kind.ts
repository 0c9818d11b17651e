/** What a column holds. */
export type FeatureKind = 'text' | 'number' | 'date';

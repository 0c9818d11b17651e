import type { FeatureKind } from '@towerkit/data';

import { columnsMade, type Encodings } from './encodings.js';
import type { WantedFeatures } from './fit-features.js';
import type { WantedTexts } from './text/fit-texts.js';

/** The columns of a table that encodings read, with what they must hold; vectors come from files of their own. */
export function columnsRead(encodings: Encodings): Record<string, FeatureKind> {
  return kindsOf(
    Object.entries(encodings).flatMap(([name, encoding]): [string, FeatureKind][] => {
      if (encoding.kind === 'vector') return [];
      return columnsMade(name, encoding).map((column) => [column, kindOf(encoding)]);
    }),
  );
}

const kindOf = (encoding: Encodings[string]): FeatureKind => {
  if (encoding.kind === 'location') return 'number';
  if (encoding.kind !== 'numeric' && encoding.kind !== 'buckets') return 'text';
  return encoding.date ? 'date' : 'number';
};

/** The columns of a table that a config's features read, with what they must hold. */
export function columnsWanted({
  categories,
  numeric,
  dates = {},
  lists = {},
  locations = {},
  text = {},
}: WantedFeatures & { readonly text?: WantedTexts }): Record<string, FeatureKind> {
  const texts = Object.entries(text).flatMap(([name, { columns = [name] }]) => columns);
  return kindsOf([
    ...Object.keys(numeric).map((name): [string, FeatureKind] => [name, 'number']),
    ...Object.values(locations).flatMap(({ latitude, longitude }): [string, FeatureKind][] => [
      [latitude, 'number'],
      [longitude, 'number'],
    ]),
    ...Object.keys(dates).map((name): [string, FeatureKind] => [name, 'date']),
    ...[...Object.keys(categories), ...Object.keys(lists), ...texts].map((name): [string, FeatureKind] => [
      name,
      'text',
    ]),
  ]);
}

/**
 * A column that is read as a number or a date here and as a category or text there holds text, which keeps `01` and `1.0`
 * what they are.
 */
function kindsOf(uses: readonly (readonly [name: string, kind: FeatureKind])[]): Record<string, FeatureKind> {
  const texts = uses.filter(([, kind]) => kind === 'text');
  return Object.fromEntries([...uses, ...texts]);
}

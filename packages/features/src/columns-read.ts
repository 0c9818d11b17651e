import type { Encodings } from './encodings.js';
import type { WantedFeatures } from './fit-features.js';
import type { WantedTexts } from './text/fit-texts.js';

type ColumnKind = 'text' | 'number';

/** The columns of a catalog that encodings read, with what they must hold. */
export function columnsRead(encodings: Encodings): Record<string, ColumnKind> {
  return kindsOf(
    Object.entries(encodings).flatMap(([name, encoding]): [string, ColumnKind][] =>
      encoding.kind === 'text'
        ? encoding.columns.map((column) => [column, 'text'])
        : [[name, encoding.kind === 'numeric' ? 'number' : 'text']],
    ),
  );
}

/** The columns of a catalog that a config's features read, with what they must hold. */
export function columnsWanted({
  categories,
  numeric,
  text = {},
}: WantedFeatures & { readonly text?: WantedTexts }): Record<string, ColumnKind> {
  const texts = Object.entries(text).flatMap(([name, { columns = [name] }]) => columns);
  return kindsOf([
    ...Object.keys(numeric).map((name): [string, ColumnKind] => [name, 'number']),
    ...[...Object.keys(categories), ...texts].map((name): [string, ColumnKind] => [name, 'text']),
  ]);
}

/**
 * A column that is read as a number here and as a category or text there holds text, which keeps `01` and `1.0` what they
 * are.
 */
function kindsOf(uses: readonly (readonly [name: string, kind: ColumnKind])[]): Record<string, ColumnKind> {
  const texts = uses.filter(([, kind]) => kind === 'text');
  return Object.fromEntries([...uses, ...texts]);
}

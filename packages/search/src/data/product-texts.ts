import { TowerkitError } from '../errors.js';

/** Columns of products by name, one value for each. */
type Columns = (name: string) => ArrayLike<unknown> | undefined;

/**
 * The text of each product: its columns one after the other. What is missing is left out, so that a product without a title has
 * an empty text: towers and BM25 do not find it.
 *
 * @throws TowerkitError `MISSING_COLUMN`
 */
export function productTexts(names: readonly string[], columns: Columns, count: number): string[] {
  const read = names.map((name) => {
    const values = columns(name);
    if (values) return values;
    throw new TowerkitError('MISSING_COLUMN', `search.text: the products have no column "${name}"`, {
      hint: 'name it in search.products.columns',
      details: { column: name },
    });
  });
  return Array.from({ length: count }, (_, item) =>
    read.flatMap((values) => (isMissing(values[item]) ? [] : String(values[item]))).join(' | '),
  );
}

const isMissing = (value: unknown) => value === null || value === undefined || Number.isNaN(value);

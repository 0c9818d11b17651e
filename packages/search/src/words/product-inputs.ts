import { TowerkitError } from '../errors.js';

/** What the product tower reads of a product beside its text. */
export interface ProductInputs {
  /** Whether the id of a product is a feature of its own, for those that training judged. */
  readonly id: boolean;
  /** Columns each value of which is a feature; the values of a list are one each. */
  readonly categories: readonly string[];
  /** Columns of numbers, with the edges between their groups, ascending; each group is a feature. */
  readonly numbers: Readonly<Record<string, readonly number[]>>;
}

/** Products as inputs are read from. */
export interface ProductTable {
  readonly ids: readonly string[];
  /** Values of a column by its name, one for each product. */
  readonly column: (name: string) => ArrayLike<unknown> | undefined;
}

/** Groups that the numbers of a column fall into, at most. */
const GROUPS = 10;

/**
 * Finds the edges of numbers: tenths of the products that have one.
 *
 * @param wanted columns of numbers are named
 * @throws TowerkitError `MISSING_COLUMN`
 */
export function fitInputs(
  { id, categories, numbers }: Omit<ProductInputs, 'numbers'> & { readonly numbers: readonly string[] },
  table: ProductTable,
): ProductInputs {
  categories.forEach((name) => columnOf(table, name));
  const edges = numbers.map((name): [string, number[]] => {
    const sorted = Float64Array.from(columnOf(table, name), numberOf).filter(Number.isFinite).sort();
    const cuts = Array.from(
      { length: GROUPS - 1 },
      (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / GROUPS)],
    );
    return [name, [...new Set(cuts)].filter((cut) => cut > sorted[0])];
  });
  return { id, categories, numbers: Object.fromEntries(edges) };
}

/**
 * Names of the features of products: `i` with the id, `c` with column and value, `n` with column and group. What is missing
 * has none.
 *
 * @returns of each product
 * @throws TowerkitError `MISSING_COLUMN`
 */
export function inputFeatures({ id, categories, numbers }: ProductInputs, table: ProductTable): string[][] {
  const features = table.ids.map((name) => (id ? [`i${name}`] : []));
  for (const name of categories) {
    const values = columnOf(table, name);
    features.forEach((own, row) => own.push(...valuesOf(values[row]).map((value) => `c${name}=${value}`)));
  }
  for (const [name, edges] of Object.entries(numbers)) {
    const values = columnOf(table, name);
    features.forEach((own, row) => {
      const value = numberOf(values[row]);
      if (Number.isFinite(value)) own.push(`n${name}#${edges.filter((edge) => edge <= value).length}`);
    });
  }
  return features;
}

/** Whether any input is read. */
export const readsInputs = ({ id, categories, numbers }: ProductInputs): boolean =>
  id || categories.length > 0 || Object.keys(numbers).length > 0;

/**
 * The features that are learned: ids of products that training judged, values and groups of enough products.
 *
 * @param judged 1 for a product that training judged
 */
export function learnedInputs(
  features: readonly (readonly string[])[],
  judged: ArrayLike<number>,
  minCount: number,
): string[] {
  const counts = new Map<string, number>();
  features.forEach((own, row) => {
    for (const name of new Set(own))
      if (name[0] !== 'i') counts.set(name, (counts.get(name) ?? 0) + 1);
      else if (judged[row] === 1) counts.set(name, Infinity);
  });
  return [...counts].flatMap(([name, count]) => (count >= minCount ? [name] : []));
}

function columnOf({ column }: ProductTable, name: string): ArrayLike<unknown> {
  const values = column(name);
  if (values) return values;
  throw new TowerkitError('MISSING_COLUMN', `search.tower.product: the products have no column "${name}"`, {
    hint: 'name it in search.products.columns',
    details: { column: name },
  });
}

/** The values of a cell: those of a list one by one, none where nothing is there. */
const valuesOf = (cell: unknown): string[] =>
  (Array.isArray(cell) ? cell : [cell]).flatMap((value: unknown) =>
    value === null || value === undefined || value === '' || Number.isNaN(value) ? [] : String(value).trim(),
  );

const numberOf = (cell: unknown): number =>
  typeof cell === 'number' || (typeof cell === 'string' && cell.trim() !== '') || typeof cell === 'bigint'
    ? Number(cell)
    : NaN;

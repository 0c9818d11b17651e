/**
 * The size of one axis: a number, or in an exported graph a polynomial in the named symbolic sizes
 * (`2*batch + 1`). Symbolic sizes are interned, so `===` compares both kinds.
 */
export type Dim = number | SymbolicDim;
export type Shape = readonly Dim[];

/** A polynomial in symbols, held as coefficient by monomial; the monomial of a constant is `''`. */
export class SymbolicDim {
  static readonly #interned = new Map<string, SymbolicDim>();

  private constructor(
    readonly terms: ReadonlyMap<string, number>,
    readonly text: string,
  ) {}

  /** The canonical size with these terms: a plain number where no symbol is left. */
  static of(terms: ReadonlyMap<string, number>): Dim {
    const present = [...terms]
      .filter(([, coefficient]) => coefficient !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    if (present.every(([monomial]) => monomial === '')) return present[0]?.[1] ?? 0;
    const text = present
      .map(([monomial, k]) => (monomial === '' ? `${k}` : k === 1 ? monomial : `${k}*${monomial}`))
      .join(' + ');
    let dim = SymbolicDim.#interned.get(text);
    if (!dim) SymbolicDim.#interned.set(text, (dim = new SymbolicDim(new Map(present), text)));
    return dim;
  }

  toString(): string {
    return this.text;
  }
}

const termsOf = (dim: Dim): ReadonlyMap<string, number> =>
  typeof dim === 'number' ? new Map([['', dim]]) : dim.terms;

/** The symbols of a monomial, each as often as its power. */
export const symbolsOf = (monomial: string): string[] => (monomial === '' ? [] : monomial.split('*'));

export function addDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const sum = new Map(termsOf(a));
  for (const [monomial, k] of termsOf(b)) sum.set(monomial, (sum.get(monomial) ?? 0) + k);
  return SymbolicDim.of(sum);
}

export function multiplyDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  const product = new Map<string, number>();
  for (const [left, k] of termsOf(a))
    for (const [right, l] of termsOf(b)) {
      const monomial = [...symbolsOf(left), ...symbolsOf(right)].sort().join('*');
      product.set(monomial, (product.get(monomial) ?? 0) + k * l);
    }
  return SymbolicDim.of(product);
}

export const subtractDims = (a: Dim, b: Dim): Dim => addDims(a, multiplyDims(b, -1));

/** How many elements a tensor of this shape has. */
export const sizeOf = (shape: Shape): Dim => shape.reduce(multiplyDims, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dim, i) => dim === b[i]);

/** The shape two shapes broadcast to, by NumPy's rule; `undefined` where they do not. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const out: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    out.push(left === 1 ? right : left);
  }
  return out;
}

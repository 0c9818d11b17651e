import { TowerkitError } from '../errors.js';

/** How different two items are: 0 for the same, larger for more different. */
export type Distance = (a: number, b: number) => number;

/**
 * Intra-list diversity of one list: the mean distance over its pairs of items (Ziegler et al. 2005, turned from
 * similarity to distance). A list of fewer than two items has diversity 0.
 *
 * @param list item ids; -1 marks an empty place
 * @param distance for example {@link cosineDistance}
 */
export function diversity(list: ArrayLike<number>, distance: Distance): number {
  const items = Array.from(list).filter((item) => item !== -1);
  let sum = 0;
  for (let i = 1; i < items.length; i++) for (let j = 0; j < i; j++) sum += distance(items[i], items[j]);
  return items.length < 2 ? 0 : sum / ((items.length * (items.length - 1)) / 2);
}

/**
 * 1 - cosine similarity of two rows of a matrix; a row of zeros is at distance 1 from everything.
 *
 * @param vectors row-major, shape [rows, cols]
 * @throws TowerkitError `SHAPE_MISMATCH`; the distance throws `BAD_ITEM` for a row that is not there
 */
export function cosineDistance(vectors: { rows: number; cols: number; data: ArrayLike<number> }): Distance {
  const { rows, cols, data } = vectors;
  if (data.length !== rows * cols)
    throw new TowerkitError('SHAPE_MISMATCH', `a ${rows} x ${cols} matrix needs ${rows * cols} values`);
  const norms = new Float64Array(rows);
  for (let row = 0; row < rows; row++) norms[row] = Math.sqrt(dot(row, row));
  function dot(a: number, b: number): number {
    let sum = 0;
    for (let c = 0; c < cols; c++) sum += data[a * cols + c] * data[b * cols + c];
    return sum;
  }
  return (a, b) => {
    const scale = norms[a] * norms[b];
    if (Number.isNaN(scale))
      throw new TowerkitError('BAD_ITEM', `items ${a} and ${b} are not both in [0, ${rows})`, {
        details: { a, b },
      });
    return scale === 0 ? 1 : 1 - dot(a, b) / scale;
  };
}

import type { CsrMatrix, Matrix, Rng } from '@towerkit/core';
import { popularity, sampleNegatives } from '@towerkit/sampling';
import { indexedRows, numberRows, setRows, type RowInput, type Rows } from '@towerkit/training';

import { fillLatest } from '../model/latest.js';
import type { HybridConfig, Mode } from '../schema.js';
import { historiesOf, type States } from './states.js';

/** Rows of the log as a network reads them. */
export interface RatedRows {
  readonly states: States;
  /** Item and rating of each, [rows]. */
  readonly items: Int32Array;
  readonly ratings: Float32Array;
}

/** All that the rows of an epoch are made of. */
export interface TrainingSet extends RatedRows {
  /** [items, dimensions] */
  readonly products: Matrix;
  /** Vectors of the training reviews, [training rows, text]. */
  readonly vectors: Matrix;
  /** Items that each row's user has, the row's own among them. */
  readonly had: CsrMatrix;
  /** Training rows of each item. */
  readonly counts: Int32Array;
  readonly itemBias: Float64Array;
}

/**
 * What a network learns from in one epoch. For ranking each row brings `negatives.count` products that its user has not,
 * drawn with popularity^power, with a rating drawn from `negatives.ratings`.
 */
export function epochRows(
  set: TrainingSet,
  { negatives, attention, choice, als, latest, alsDropout }: HybridConfig,
  mode: Mode,
  rng: Rng,
): Rows {
  const { states, items, ratings, products, vectors } = set;
  const positives = items.length;
  const k = mode === 'ranking' ? negatives.count : 0;
  const count = positives * (1 + k);
  const row = Int32Array.from({ length: count }, (_, n) => n % positives);
  const item = new Int32Array(count);
  const rating = new Float32Array(count);
  const offset = new Float32Array(count);
  const chosen = new Float32Array(count).fill(1, 0, positives);
  item.set(items);
  rating.set(ratings);
  offset.set(states.offsets);
  if (k > 0) {
    const proposal = popularity(set.counts, { power: negatives.power });
    const [low, high] = negatives.ratings;
    const drawn = rng.fork('negatives');
    for (let place = 0; place < positives; place++) {
      const { items: others } = sampleNegatives({
        proposal,
        history: set.had.row(place),
        rng: drawn,
        count: k,
      });
      for (let n = 0; n < k; n++) {
        const at = (n + 1) * positives + place;
        item[at] = others[n];
        rating[at] = low + (high - low) * drawn.uniform();
        offset[at] = states.offsets[place] + set.itemBias[others[n]] - set.itemBias[items[place]];
      }
    }
  }
  const hidden = rng.fork('als dropout');
  const unseen = Uint8Array.from({ length: count }, () => (hidden.uniform() < alsDropout ? 1 : 0));
  const inputs: Record<string, RowInput> = {
    'user/state': withoutFirst(indexedRows(states.features, row), als.factors, unseen),
    'item/product': indexedRows(products, item),
    rating: numberRows(rating),
    // With a choice output to say so, what was not taken says nothing of its rating.
    rated: numberRows(choice ? chosen : new Float32Array(count).fill(1)),
    offset: numberRows(offset),
    chosen: numberRows(chosen),
  };
  if (mode === 'ranking' && latest > 0) {
    const read = latestRows(products, historiesOf(states.before, items, products.rows), latest);
    inputs['user/latest'] = withoutFirst(through(read, row), read.dimensions, unseen);
  }
  if (attention > 0) {
    const { values, present } = setRows(vectors, states.before, attention);
    inputs['user/reviews'] = through(values, row);
    inputs['user/reviewsMask'] = through(present, row);
  }
  return { count, inputs };
}

/** An input whose first values are zeros for some rows: users of whom nothing is known that they took. */
function withoutFirst({ dimensions, gather }: RowInput, first: number, unseen: Uint8Array): RowInput {
  return {
    dimensions,
    gather(rows, asked, out) {
      gather(rows, asked, out);
      for (let place = 0; place < asked; place++)
        if (unseen[rows[place]]) out.fill(0, place * dimensions, place * dimensions + first);
    },
  };
}

/** An input of other rows: row r reads row `index[r]`. */
const through = ({ dimensions, gather }: RowInput, index: Int32Array): RowInput => ({
  dimensions,
  gather: (rows, count, out) =>
    gather(
      rows.map((row) => index[row]),
      count,
      out,
    ),
});

/** The same of the users of training rows, made as a batch asks for it: of all rows it would fill the memory. */
export function latestRows(products: Matrix, histories: CsrMatrix, latest: number): RowInput {
  const dimensions = latest * products.cols;
  return {
    dimensions,
    gather(rows, count, out) {
      out.fill(0, 0, count * dimensions);
      for (let place = 0; place < count; place++)
        fillLatest(
          products,
          histories.row(rows[place]),
          latest,
          out.subarray(place * dimensions, (place + 1) * dimensions),
        );
    },
  };
}

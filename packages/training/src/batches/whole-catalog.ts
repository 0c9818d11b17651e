import { TowerkitError } from '@towerkit/core';
import type { TwoTower } from '@towerkit/towers';

import type { BatchShape } from './batch.js';

/** Most items that a softmax over the whole catalog is meant for. */
export const MOST_ITEMS = 65_536;

/**
 * Arrays [items, dimensions] that a step of one length of histories holds: item vectors, what they are made of, gradients, twice
 * where ONNX Runtime keeps the memory that it planned with (measured with 60,000 items).
 */
const ARRAYS_OF_STEP = 14;
/** The same of a table: values and two moments. */
const ARRAYS_OF_TABLE = 3;

/**
 * Checks that every item can be a candidate in every step.
 *
 * @throws TowerkitError `TOO_LARGE` for a catalog that is too large, with the memory that training would take; `BAD_OPTION` for a
 *   loss over the whole catalog (`wholeSoftmax`) with drawn negatives
 */
export function checkWhole(
  { loss, dimensions }: Pick<TwoTower, 'loss' | 'dimensions'>,
  items: number,
  shapes: readonly Pick<BatchShape, 'whole'>[],
): void {
  const whole = shapes.some((shape) => shape.whole);
  if (loss.whole === 'needed' && !whole)
    throw new TowerkitError('BAD_OPTION', `the loss "${loss.name}" needs all items as candidates`, {
      hint: "set negatives to 'all', or use sampledSoftmax(), which drawn negatives are enough for",
      details: { option: 'negatives' },
    });
  if (!whole || items <= MOST_ITEMS) return;
  const bytes = 4 * items * dimensions * (ARRAYS_OF_TABLE + ARRAYS_OF_STEP * shapes.length);
  throw new TowerkitError(
    'TOO_LARGE',
    `the softmax over all ${items.toLocaleString('en')} items would take ${(bytes / 2 ** 30).toFixed(1)} GiB, and a product with each of them at every example`,
    {
      hint: `negatives: 'all' is for at most ${MOST_ITEMS.toLocaleString('en')} items; draw some: negatives: [{ kind: 'uniform', count: 2048 }]`,
      details: { items, most: MOST_ITEMS, bytes },
    },
  );
}

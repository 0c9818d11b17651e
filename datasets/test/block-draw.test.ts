import { Rng } from '@towerkit/core';
import { describe, expect, test } from '@jest/globals';

import { BlockDraw } from '../src/shop/block-draw.js';
import { ChoiceModel } from '../src/shop/choice.js';
import { drawIndex } from '../src/shop/draw.js';
import { profileWeights } from '../src/shop/secrets.js';
import { generateShop } from '../src/shop/shop.js';
import { DEPARTMENTS } from '../src/shop/words/departments.js';

describe('drawing by blocks', () => {
  test.each([333, 2000])('gives the item that going through all weights gives, of %i items', (items) => {
    const { secrets } = generateShop({ items, users: 60, seed: 4 });
    const { catalog, profiles } = secrets;
    const model = new ChoiceModel(catalog);
    const blocks = new BlockDraw(new ChoiceModel(catalog), catalog.shelf, DEPARTMENTS.length * 4);
    const weights = new Float64Array(items);
    const [one, other] = [new Rng(8), new Rng(8)];
    for (const profile of profiles) {
      const taste = profileWeights(secrets, profile);
      const sums = blocks.sumsOf(taste);
      const history: number[] = [];
      for (let step = 0; step < 30; step++) {
        const naive = drawIndex(one, weights, model.weigh(taste, history, weights));
        expect(blocks.draw(other, sums, history)).toBe(naive);
        history.push(naive);
      }
      expect(new Set(history).size).toBe(30); // what is owned is not drawn
    }
  });
});

import { describe, expect, test } from '@jest/globals';

import { inputFeatures } from '../src/index.js';
import { fitInputs, learnedInputs } from '../src/words/product-inputs.js';

const columns: Record<string, ArrayLike<unknown>> = {
  brand: ['Acme', null, 'Bolt', 'Acme'],
  tags: [['a', 'b'], ['a'], null, []],
  price: Float64Array.of(1, 2, NaN, 30),
};
const table = { ids: ['x', 'y', 'z', 'w'], column: (name: string) => columns[name] };

describe('what a product tower reads beside the text', () => {
  const wanted = { id: true, categories: ['brand', 'tags'], numbers: ['price'] };

  test('ids, values of categories and of lists, groups of numbers; nothing for what is missing', () => {
    const inputs = fitInputs(wanted, table);
    expect(inputs.numbers).toEqual({ price: [2, 30] });
    expect(inputFeatures(inputs, table)).toEqual([
      ['ix', 'cbrand=Acme', 'ctags=a', 'ctags=b', 'nprice#0'],
      ['iy', 'ctags=a', 'nprice#1'],
      ['iz', 'cbrand=Bolt'],
      ['iw', 'cbrand=Acme', 'nprice#2'],
    ]);
  });

  test('learned are ids that were judged, and values of enough products', () => {
    const features = inputFeatures(fitInputs(wanted, table), table);
    expect(learnedInputs(features, Uint8Array.of(0, 1, 0, 0), 2)).toEqual(['cbrand=Acme', 'ctags=a', 'iy']);
  });

  test.each([{ categories: ['color'] }, { numbers: ['weight'] }])(
    'columns that are not there: %j',
    (wrong) => {
      const options = { id: false, categories: [], numbers: [], ...wrong };
      expect(() => fitInputs(options, table)).toThrow(expect.objectContaining({ code: 'MISSING_COLUMN' }));
    },
  );
});

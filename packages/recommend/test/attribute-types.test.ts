import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { attributeTypes } from '../src/index.js';

test('each column has the type of its values, and says whether any is missing', () => {
  const catalog = {
    id: ['a', 'b'],
    title: ['A', null],
    training_count: Int32Array.of(1, 2),
    price: [3, Number.NaN],
    year: Int32Array.of(1999, 2001),
    kind: ['x', 'y'],
    used: [true, null],
    tags: [['a'], ['b']],
    both: ['a', 1],
    nothing: [null, null],
  };
  expect(attributeTypes(catalog)).toEqual({
    price: { type: 'number', nullable: true },
    year: { type: 'number', nullable: false },
    kind: { type: 'string', nullable: false },
    used: { type: 'boolean', nullable: true },
    tags: { type: 'mixed', nullable: false },
    both: { type: 'mixed', nullable: false },
    nothing: { type: 'mixed', nullable: true },
  });
});

test('what JSON makes of any column is of the type that is told', () => {
  const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const { type, nullable } = attributeTypes({ x: values }).x;
      const sent = JSON.parse(JSON.stringify(values)) as unknown[];
      expect(sent.includes(null)).toBe(nullable);
      if (type !== 'mixed') for (const one of sent) if (one !== null) expect(typeof one).toBe(type);
    }),
    { seed: 2 },
  );
});

import type { Attributes } from '../vector-index.js';
import type { Test } from './predicate.js';

/** A test as a function of the row. */
export function evaluator(test: Test, attributes: Attributes): (row: number) => boolean {
  if (test.op === 'all') {
    const parts = test.of.map((part) => evaluator(part, attributes));
    return (row) => parts.every((part) => part(row));
  }
  if (test.op === 'any') {
    const parts = test.of.map((part) => evaluator(part, attributes));
    return (row) => parts.some((part) => part(row));
  }
  if (test.op === 'not') {
    const part = evaluator(test.of, attributes);
    return (row) => !part(row);
  }
  const column = attributes[test.attribute];
  if (test.op === 'in') {
    const [first, ...more] = test.values;
    if (test.values.length === 1) return (row) => column[row] === first;
    const values = new Set([first, ...more]);
    return test.values.length === 0 ? () => false : (row) => values.has(column[row]);
  }
  const { value } = test;
  const type = typeof value;
  const ordered = (compare: (a: number | string) => boolean) => (row: number) =>
    typeof column[row] === type && compare(column[row] as number | string);
  switch (test.op) {
    case 'lt':
      return ordered((a) => a < value);
    case 'lte':
      return ordered((a) => a <= value);
    case 'gt':
      return ordered((a) => a > value);
    case 'gte':
      return ordered((a) => a >= value);
  }
}

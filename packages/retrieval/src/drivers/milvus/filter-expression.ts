import { TowerkitError } from '@towerkit/core';

import type { AttributeValue, Order, Test } from '../../filter/predicate.js';
import type { StoreFilter } from '../database/store.js';

const EVERYTHING = 'id >= 0';
const NOTHING = 'id < 0';

const ORDERS: Record<Order, string> = { lt: '<', lte: '<=', gt: '>', gte: '>=' };
const OPPOSITES: Record<Order, string> = { lt: '>=', lte: '>', gt: '<=', gte: '<' };

/** The types by which attributes are kept apart: Milvus compares across them as it likes. */
export const TYPES = ['number', 'string', 'boolean'] as const;

/** A filter as an expression of Milvus. */
export function filterExpression({ allow, deny, where }: StoreFilter): string {
  const parts: string[] = [];
  if (allow !== undefined) parts.push(idsExpression(allow));
  if (deny !== undefined && deny.length > 0) parts.push(`id not in [${Array.from(deny).join(',')}]`);
  if (where !== undefined) parts.push(testExpression(where, false));
  return parts.length === 0 ? EVERYTHING : parts.join(' and ');
}

export const idsExpression = (ids: ArrayLike<number>): string =>
  ids.length === 0 ? NOTHING : `id in [${Array.from(ids).join(',')}]`;

/**
 * A test, or its opposite. A value that is missing makes a comparison neither true nor false, and `not` of that is
 * neither: so the opposite is taken at the leaves, and says what is to be where there is no value.
 */
function testExpression(test: Test, opposite: boolean): string {
  if (test.op === 'not') return testExpression(test.of, !opposite);
  if (test.op === 'all' || test.op === 'any') {
    const parts = test.of.map((part) => testExpression(part, opposite));
    return (test.op === 'all') !== opposite ? allOf(parts) : anyOf(parts);
  }
  if (test.op === 'in') {
    const values = test.values.filter(isStorable);
    return opposite
      ? allOf(values.map((value) => differs(test.attribute, value)))
      : anyOf(values.map((value) => equals(test.attribute, value)));
  }
  const { op, attribute, value } = test;
  if (!isStorable(value))
    throw new TowerkitError('BAD_FILTER', `"${op}" of ${attribute} has a string that this index cannot hold`);
  const path = pathOf(attribute, typeof value);
  return opposite
    ? `(${path} ${OPPOSITES[op]} ${literal(value)} or ${path} is null)`
    : `(${path} ${ORDERS[op]} ${literal(value)})`;
}

function equals(attribute: string, value: AttributeValue): string {
  if (value === null) return allOf(TYPES.map((type) => `${pathOf(attribute, type)} is null`));
  return `(${pathOf(attribute, typeof value)} == ${literal(value)})`;
}

function differs(attribute: string, value: AttributeValue): string {
  if (value === null) return anyOf(TYPES.map((type) => `${pathOf(attribute, type)} is not null`));
  const path = pathOf(attribute, typeof value);
  return `(${path} != ${literal(value)} or ${path} is null)`;
}

const allOf = (parts: string[]) => (parts.length === 0 ? EVERYTHING : `(${parts.join(' and ')})`);
const anyOf = (parts: string[]) => (parts.length === 0 ? NOTHING : `(${parts.join(' or ')})`);

const pathOf = (attribute: string, type: string) => `attributes["${type}"][${literal(attribute)}]`;

const literal = (value: string | number | boolean): string =>
  typeof value === 'string'
    ? `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
    : JSON.stringify(value);

/** Whether an expression can name such a value: no control characters, no half of a surrogate pair. */
export const isStorable = (value: AttributeValue): boolean =>
  // eslint-disable-next-line no-control-regex
  typeof value !== 'string' || !/[\u0000-\u001f\p{Surrogate}]/u.test(value);

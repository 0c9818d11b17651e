import { TowerkitError } from '@towerkit/core';

import type { AttributeValue, Order, Test } from '../../filter/predicate.js';
import type { StoreFilter } from '../database/store.js';

/** Adds a value to those of the statement. @returns its name there, such as `$3` */
export type Parameter = (value: unknown) => string;

const ORDERS: Record<Order, string> = { lt: '<', lte: '<=', gt: '>', gte: '>=' };

/** A filter as the condition of a statement; whatever the user gave is a parameter. */
export function filterSql({ allow, deny, where }: StoreFilter, parameter: Parameter): string {
  const parts: string[] = [];
  if (allow !== undefined) parts.push(`id = ANY(${parameter(Array.from(allow))}::bigint[])`);
  if (deny !== undefined && deny.length > 0)
    parts.push(`NOT (id = ANY(${parameter(Array.from(deny))}::bigint[]))`);
  if (where !== undefined) parts.push(testSql(where, parameter));
  return parts.length === 0 ? 'true' : parts.join(' AND ');
}

/**
 * A test as SQL that is true or false, never null. Values compare as jsonb, where 1 is 1.0 and a missing one is null;
 * strings are ordered by code point.
 */
function testSql(test: Test, parameter: Parameter): string {
  if (test.op === 'all' || test.op === 'any') {
    const parts = test.of.map((part) => testSql(part, parameter));
    if (parts.length === 0) return test.op === 'all' ? 'true' : 'false';
    return `(${parts.join(test.op === 'all' ? ' AND ' : ' OR ')})`;
  }
  if (test.op === 'not') return `NOT ${testSql(test.of, parameter)}`;
  const name = `${parameter(test.attribute)}::text`;
  if (test.op === 'in') {
    const values = test.values.filter(isStorable).map((value) => JSON.stringify(value));
    return `(COALESCE(attributes -> ${name}, 'null'::jsonb) = ANY(${parameter(values)}::jsonb[]))`;
  }
  // A cast runs only where CASE lets it.
  const { op, value } = test;
  if (typeof value === 'number')
    return `(CASE WHEN jsonb_typeof(attributes -> ${name}) = 'number'
      THEN (attributes ->> ${name})::numeric ${ORDERS[op]} ${parameter(JSON.stringify(value))}::numeric
      ELSE false END)`;
  if (!isStorable(value))
    throw new TowerkitError(
      'BAD_FILTER',
      `"${op}" of ${test.attribute} has a string that PostgreSQL cannot hold`,
    );
  return `(CASE WHEN jsonb_typeof(attributes -> ${name}) = 'string'
    THEN (attributes ->> ${name}) COLLATE "C" ${ORDERS[op]} ${parameter(value)}::text COLLATE "C"
    ELSE false END)`;
}

/** Whether PostgreSQL has such a value: its text knows no U+0000 and no half of a surrogate pair. */
export const isStorable = (value: AttributeValue): boolean =>
  typeof value !== 'string' || !/[\0\p{Surrogate}]/u.test(value);

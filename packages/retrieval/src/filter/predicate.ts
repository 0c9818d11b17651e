import { TowerkitError } from '@towerkit/core';

/** One attribute value of an item. Numbers are finite. */
export type AttributeValue = string | number | boolean | null;

/** What one attribute must be: a value, or everything given here. Order is defined within numbers and within strings. */
export type Condition =
  | AttributeValue
  | {
      readonly eq?: AttributeValue;
      readonly ne?: AttributeValue;
      readonly in?: readonly AttributeValue[];
      readonly nin?: readonly AttributeValue[];
      readonly lt?: number | string;
      readonly lte?: number | string;
      readonly gt?: number | string;
      readonly gte?: number | string;
    };

/**
 * A predicate over attributes. Every key of an object must hold; `all`, `any` and `not` join others, and no attribute
 * can be called so. null is a value like any other to `eq`, `ne`, `in` and `nin`, and meets no order.
 *
 * @example
 * ```ts
 * const where: Predicate = { category: 'rpg', price: { lt: 20 }, any: [{ brand: { in: ['a', 'b'] } }, { not: { used: true } }] };
 * ```
 */
export type Predicate =
  | { readonly all: readonly Predicate[] }
  | { readonly any: readonly Predicate[] }
  | { readonly not: Predicate }
  | { readonly [attribute: string]: Condition };

/** The operators that ask for an order. */
export type Order = 'lt' | 'lte' | 'gt' | 'gte';

/** A predicate taken apart: what drivers evaluate or translate. An empty `all` is true, an empty `any` or `in` false. */
export type Test =
  | { readonly op: 'all'; readonly of: readonly Test[] }
  | { readonly op: 'any'; readonly of: readonly Test[] }
  | { readonly op: 'not'; readonly of: Test }
  | { readonly op: 'in'; readonly attribute: string; readonly values: readonly AttributeValue[] }
  | { readonly op: Order; readonly attribute: string; readonly value: number | string };

/** Keys of a predicate that are no attribute. */
export const JOINS: readonly string[] = ['all', 'any', 'not'];

const MAX_DEPTH = 100;

/**
 * Takes a predicate apart and checks it.
 *
 * @param known the attributes that the index has
 * @throws TowerkitError `BAD_FILTER` for an unknown attribute or operator, or a value of the wrong type
 */
export const parsePredicate = (where: Predicate, known: Iterable<string>): Test =>
  parse(where, new Set(known), 0);

function parse(where: unknown, known: ReadonlySet<string>, depth: number): Test {
  if (!isRecord(where)) throw bad('a predicate must be an object', where);
  if (depth > MAX_DEPTH) throw bad(`a predicate may be ${MAX_DEPTH} deep at most`);
  const tests = Object.entries(where).flatMap(([key, value]): Test[] => {
    if (key === 'not') return [{ op: 'not', of: parse(value, known, depth + 1) }];
    if (key === 'all' || key === 'any') {
      if (!Array.isArray(value)) throw bad(`"${key}" must be an array of predicates`, value);
      return [{ op: key, of: value.map((part) => parse(part, known, depth + 1)) }];
    }
    if (!known.has(key))
      throw bad(
        `there is no attribute ${JSON.stringify(key)}`,
        undefined,
        `known are: ${[...known].join(', ')}`,
      );
    return isRecord(value) ? conditions(key, value) : [{ op: 'in', attribute: key, values: [scalar(value)] }];
  });
  return tests.length === 1 ? tests[0] : { op: 'all', of: tests };
}

function conditions(attribute: string, given: Record<string, unknown>): Test[] {
  return Object.entries(given).map(([key, value]): Test => {
    switch (key) {
      case 'eq':
        return { op: 'in', attribute, values: [scalar(value)] };
      case 'ne':
        return { op: 'not', of: { op: 'in', attribute, values: [scalar(value)] } };
      case 'in':
        return { op: 'in', attribute, values: scalars(value) };
      case 'nin':
        return { op: 'not', of: { op: 'in', attribute, values: scalars(value) } };
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte':
        if (typeof value !== 'string' && !Number.isFinite(value))
          throw bad(`"${key}" of ${attribute} must be a finite number or a string`, value);
        return { op: key, attribute, value: value as number | string };
      default:
        throw bad(`${JSON.stringify(key)} of ${attribute} is no operator`, undefined, OPERATORS);
    }
  });
}

const OPERATORS = 'operators are eq, ne, in, nin, lt, lte, gt and gte';

/** Whether this may be the value of an attribute. */
export const isAttributeValue = (value: unknown): value is AttributeValue =>
  value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);

function scalar(value: unknown): AttributeValue {
  if (!isAttributeValue(value))
    throw bad('a value must be a string, a finite number, true, false or null', value);
  return value;
}

function scalars(value: unknown): AttributeValue[] {
  if (!Array.isArray(value)) throw bad('"in" and "nin" want an array', value);
  return value.map(scalar);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bad = (what: string, got?: unknown, hint?: string) =>
  new TowerkitError('BAD_FILTER', got === undefined ? what : `${what}, got ${String(got)}`, { hint });

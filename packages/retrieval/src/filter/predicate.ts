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

/** How deep predicates may be nested. */
const MAX_DEPTH = 100;
/** Predicates and conditions in one, those inside it too: each is evaluated for every row. */
const MAX_TESTS = 1_000;
/** Values of all `in` and `nin` together. */
const MAX_VALUES = 100_000;

/** What a predicate being read has taken up, and the attributes there are. */
interface Reading {
  readonly known: ReadonlySet<string> | undefined;
  tests: number;
  values: number;
}

/**
 * Takes a predicate apart and checks it.
 *
 * @param known the attributes that the index has
 * @throws TowerkitError `BAD_FILTER` for an unknown attribute or operator, a value of the wrong type, or one that is nested
 *   more than 100 deep, has more than 1,000 predicates and conditions in it or more than 100,000 values in lists
 */
export const parsePredicate = (where: Predicate, known: Iterable<string>): Test =>
  parse(where, 0, { known: new Set(known), tests: 0, values: 0 });

/**
 * Checks the form of a predicate where it comes in, before there is an index to ask about its attributes. What passes is
 * plain data that can be copied, compared and sent on without a limit of its own.
 *
 * @throws TowerkitError `BAD_FILTER` for all but an unknown attribute
 */
export function checkPredicate(where: unknown): asserts where is Predicate {
  parse(where, 0, { known: undefined, tests: 0, values: 0 });
}

function parse(where: unknown, depth: number, reading: Reading): Test {
  if (!isRecord(where)) throw bad('a predicate must be an object', where);
  if (depth > MAX_DEPTH) throw tooMuch(`a predicate may be ${MAX_DEPTH} deep at most`);
  count(reading, 'tests', 1);
  const tests: Test[] = [];
  for (const [key, value] of Object.entries(where)) {
    if (key === 'not') tests.push({ op: 'not', of: parse(value, depth + 1, reading) });
    else if (key === 'all' || key === 'any') {
      if (!Array.isArray(value)) throw bad(`"${key}" must be an array of predicates`, value);
      tests.push({ op: key, of: value.map((part) => parse(part, depth + 1, reading)) });
    } else {
      if (reading.known?.has(key) === false)
        throw bad(
          `there is no attribute ${shown(key)}`,
          undefined,
          `known are: ${[...reading.known].join(', ')}`,
        );
      if (isRecord(value)) tests.push(...conditions(key, value, reading));
      else {
        count(reading, 'tests', 1);
        tests.push({ op: 'in', attribute: key, values: [scalar(value)] });
      }
    }
  }
  return tests.length === 1 ? tests[0] : { op: 'all', of: tests };
}

function count(reading: Reading, what: 'tests' | 'values', more: number): void {
  reading[what] += more;
  if (reading.tests > MAX_TESTS) throw tooMuch(`a predicate may have ${MAX_TESTS} parts at most`);
  if (reading.values > MAX_VALUES)
    throw tooMuch(`"in" and "nin" of a predicate may have ${MAX_VALUES} values at most`);
}

function conditions(attribute: string, given: Record<string, unknown>, reading: Reading): Test[] {
  return Object.entries(given).map(([key, value]): Test => {
    count(reading, 'tests', 1);
    switch (key) {
      case 'eq':
        return { op: 'in', attribute, values: [scalar(value)] };
      case 'ne':
        return { op: 'not', of: { op: 'in', attribute, values: [scalar(value)] } };
      case 'in':
        return { op: 'in', attribute, values: scalars(value, reading) };
      case 'nin':
        return { op: 'not', of: { op: 'in', attribute, values: scalars(value, reading) } };
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte':
        if (typeof value !== 'string' && !Number.isFinite(value))
          throw bad(`"${key}" of ${shown(attribute)} must be a finite number or a string`, value);
        return { op: key, attribute, value: value as number | string };
      default:
        throw bad(`${shown(key)} of ${shown(attribute)} is no operator`, undefined, OPERATORS);
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

function scalars(value: unknown, reading: Reading): AttributeValue[] {
  if (!Array.isArray(value)) throw bad('"in" and "nin" want an array', value);
  count(reading, 'values', value.length);
  return value.map(scalar);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Characters of a value that a message repeats. */
const SHOWN = 60;

/** What a message says of a value: of a text its beginning, of what may be nested without end its kind. */
function shown(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}...` : value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

const bad = (what: string, got?: unknown, hint?: string) =>
  new TowerkitError('BAD_FILTER', got === undefined ? what : `${what}, got ${shown(got)}`, { hint });

const tooMuch = (what: string) => bad(what, undefined, 'ask for less, or filter by a list of ids');

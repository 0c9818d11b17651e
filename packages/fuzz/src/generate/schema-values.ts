import fc from 'fast-check';

import { hostileNumber, hostileText, junk } from './junk.js';

/** As much of a JSON schema as says what values look like. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** What is known of values beside their schema. */
export interface ValueHints {
  /** Schemas that others refer to, by the last part of the reference. */
  readonly schemas?: Readonly<Record<string, Schema>>;
  /** Values that mean something, by the name of the property. */
  readonly named?: Readonly<Record<string, readonly unknown[]>>;
  /** Any other text that means something. */
  readonly texts?: readonly string[];
  /** How often, of 100 values, one is no value of its schema. */
  readonly spoilt?: number;
}

/** Values of a schema, most of them valid, some nearly and some not at all. */
export function valuesOf(
  schema: Schema,
  hints: ValueHints = {},
  name = '',
  depth = 0,
): fc.Arbitrary<unknown> {
  const { spoilt = 6, named = {} } = hints;
  const valid = validOf(schema, hints, name, depth);
  const known = named[name];
  const examples = schema.examples ?? known;
  return fc.oneof(
    { weight: 100 - spoilt, arbitrary: examples ? fc.oneof(fc.constantFrom(...examples), valid) : valid },
    { weight: spoilt, arbitrary: junk },
  );
}

function validOf(schema: Schema, hints: ValueHints, name: string, depth: number): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const found = hints.schemas?.[schema.$ref.split('/').at(-1)!];
    return found && depth < 8 ? validOf(found, hints, name, depth + 1) : junk;
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return fc.oneof(...either.map((one) => validOf(one, hints, name, depth)));
  switch (schema.type) {
    case 'object':
      return objectsOf(schema, hints, depth);
    case 'array':
      return arraysOf(schema, hints, name, depth);
    case 'integer':
    case 'number':
      return numbersOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'string':
      return textsOf(schema, hints);
    default:
      return junk;
  }
}

function objectsOf(schema: Schema, hints: ValueHints, depth: number): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, valuesOf(one, hints, name, depth + 1)]),
  );
  // Optional ones are in one object of three, so that several faults seldom come together.
  const sparse = Object.fromEntries(
    Object.entries(fields).map(([name, arbitrary]) => [
      name,
      required.includes(name) ? arbitrary : fc.option(arbitrary, { freq: 1, nil: undefined }),
    ]),
  );
  const own = fc
    .record(sparse)
    .map((found) => Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)));
  const more =
    typeof additionalProperties === 'object' && depth < 6
      ? fc.dictionary(
          fc.oneof(fc.constantFrom(...(hints.texts ?? ['a'])), hostileText),
          valuesOf(additionalProperties, hints, '', depth + 1),
          { maxKeys: 3 },
        )
      : fc.constant({});
  const stray = fc.oneof(
    { weight: 30, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(hostileText, junk, { minKeys: 1, maxKeys: 2 }) },
  );
  return fc.tuple(own, more, stray).map((parts) => Object.assign({}, ...parts) as unknown);
}

function arraysOf(schema: Schema, hints: ValueHints, name: string, depth: number): fc.Arbitrary<unknown> {
  const one = valuesOf(schema.items ?? {}, hints, name, depth + 1);
  const most = schema.maxItems ?? 100;
  return fc.oneof(
    { weight: 12, arbitrary: fc.array(one, { maxLength: 5 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(one, fc.constantFrom(most, most + 1))
        .map(([value, length]) => new Array<unknown>(Math.min(length, 1200)).fill(value)),
    },
  );
}

function numbersOf(schema: Schema): fc.Arbitrary<number> {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const low = minimum ?? exclusiveMinimum;
  const high = maximum ?? exclusiveMaximum;
  const usual =
    type === 'integer'
      ? fc.integer({ min: Math.max(low ?? 0, -1e6), max: Math.min(high ?? 20, Math.max(low ?? 0, 20)) })
      : fc
          .nat(1000)
          .map((part) => (low ?? 0) + (part / 1000) * (Math.min(high ?? 1, (low ?? 0) + 1000) - (low ?? 0)));
  const edges = [low, high].filter((edge) => edge !== undefined);
  return fc.oneof(
    { weight: 8, arbitrary: usual },
    {
      weight: 1,
      arbitrary: fc.constantFrom(0, 1, ...edges, ...edges.flatMap((edge) => [edge - 1, edge + 1])),
    },
    { weight: 1, arbitrary: hostileNumber },
  );
}

function textsOf(schema: Schema, hints: ValueHints): fc.Arbitrary<string> {
  const times = fc.oneof(
    fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2040-01-01') })
      .map((at) => at.toISOString()),
    fc.constantFrom(
      '2026-01-31T12:00:00+14:00',
      '0000-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999999999Z',
      '2026-02-30T00:00:00Z',
    ),
  );
  const usual =
    schema.format === 'date-time' ? times : fc.constantFrom(...(hints.texts ?? ['a', 'b', 'name']));
  return fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: hostileText });
}

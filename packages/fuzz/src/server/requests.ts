import fc from 'fast-check';

import { share } from '../generate/edits.js';
import { hostileText, nested } from '../generate/junk.js';
import { valuesOf, type Schema, type ValueHints } from '../generate/schema-values.js';
import { strange, strayHeaders, type RequestCase } from './strange-requests.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}

/** One operation of a document. */
export interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses?: Readonly<Record<string, unknown>>;
}

/** As much of an OpenAPI document as says what requests and answers look like. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

const JSON_TYPE = 'application/json';
const TYPES = [
  JSON_TYPE,
  'text/plain',
  'application/xml',
  'application/json; charset=latin1',
  'multipart/form-data',
  '',
  'a'.repeat(9000),
];

/** Requests made from what a server says of itself: right, nearly right, and hostile. */
export function requestsOf(document: Document, hints: ValueHints): fc.Arbitrary<RequestCase> {
  const own = { ...hints, schemas: document.components?.schemas };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => requestOf(path, method, operation, own)),
  );
  return fc.oneof(
    { weight: 12, arbitrary: fc.oneof(...operations) },
    { weight: 1, arbitrary: strange(Object.keys(document.paths)) },
  );
}

function requestOf(
  path: string,
  method: string,
  operation: Operation,
  hints: ValueHints,
): fc.Arbitrary<RequestCase> {
  const { parameters = [], requestBody } = operation;
  const filled = fc
    .array(segment(hints), { minLength: 3, maxLength: 3 })
    .map((values) => path.replace(/\{\w+\}/g, () => values.shift() ?? 'x'));
  const inQuery = parameters.filter((one) => one.in === 'query');
  const query = fc
    .subarray(inQuery, { maxLength: Math.min(4, inQuery.length) })
    .chain((chosen) => fc.tuple(...chosen.map((one) => parameterOf(one, hints))))
    .chain((pairs) =>
      fc.oneof(
        { weight: 12, arbitrary: fc.constant(pairs as string[]) },
        { weight: 1, arbitrary: fc.constant([...pairs, ...pairs] as string[]) }, // each twice
        { weight: 1, arbitrary: rawBytes.map((text) => [...pairs, text] as string[]) },
        {
          weight: 1,
          arbitrary: hostileText.map((text) => [...pairs, `no-such=${encode(text)}`] as string[]),
        },
      ),
    );
  const body = requestBody
    ? bodyOf(requestBody.content[JSON_TYPE]?.schema ?? {}, hints)
    : fc.constant(undefined);
  const type = requestBody
    ? fc.oneof(
        { weight: 20, arbitrary: fc.constant(JSON_TYPE) },
        { weight: 1, arbitrary: fc.constantFrom(...TYPES) },
      )
    : fc.constant(undefined);
  return fc.tuple(filled, query, body, type, strayHeaders).map(([at, pairs, body, type, stray]) => ({
    operation: `${method.toUpperCase()} ${path}`,
    request: {
      method: method.toUpperCase(),
      target: pairs.length > 0 ? `${at}?${pairs.join('&')}` : at,
      headers: [
        ['host', '127.0.0.1'],
        ...(type === undefined ? [] : [['content-type', type] as const]),
        ...(body === undefined ? [] : [['content-length', String(Buffer.byteLength(body))] as const]),
        ...stray,
      ],
      body,
    },
  }));
}

/** Characters that may not stand in a target, as percent signs say them; a lone surrogate as the bytes some send. */
function encode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  }
}

const rawBytes = fc.constantFrom(
  '%',
  '%zz',
  '%ff',
  '%c0%af',
  '%00',
  '%ed%a0%80',
  'q=%',
  '&&&',
  '=',
  'a[b]=c',
  '\xff',
  '"',
  '{}',
  ';',
  '#x',
  '?',
);
const segment = ({ texts = [] }: ValueHints) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...texts).map(encode) },
    { weight: 1, arbitrary: hostileText.map((text) => encode(text.slice(0, 700))) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('..', '%2e%2e', '..%2f..', '%', '%ff', '\xff', '%00', '', '.', '*'),
    },
  );

function parameterOf({ name, schema }: Parameter, hints: ValueHints): fc.Arbitrary<string> {
  const known = hints.named?.[name];
  const value = known
    ? fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...known) },
        { weight: 1, arbitrary: valuesOf(schema, hints, name) },
      )
    : valuesOf(schema, hints, name);
  return value.map((one) => `${name}=${encode(typeof one === 'string' ? one : (JSON.stringify(one) ?? ''))}`);
}

/** A body of the schema, or one that is cut, doubled, padded, nested or no JSON at all. */
function bodyOf(schema: Schema, hints: ValueHints): fc.Arbitrary<string> {
  const text = valuesOf(schema, hints).map((value) => JSON.stringify(value) ?? '');
  return fc.oneof(
    { weight: 14, arbitrary: text },
    { weight: 1, arbitrary: fc.tuple(text, share).map(([whole, at]) => whole.slice(0, at * whole.length)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(text, share, fc.constantFrom('\0', '\ud800', '\\ud800', '\u2028', '//'))
        .map(
          ([whole, at, more]) =>
            `${whole.slice(0, at * whole.length)}${more}${whole.slice(at * whole.length)}`,
        ),
    },
    { weight: 1, arbitrary: text.map((whole) => whole + whole) },
    { weight: 1, arbitrary: text.map((whole) => whole.padEnd(80_000)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '""', '0', 'null', '[]', '{"__proto__":{"k":1}}', '{"k":1,"k":2}'),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom('filter', 'features', 'events', 'history'),
          fc.constantFrom(50, 1000, 5000, 7000),
          fc.constantFrom<'object' | 'array'>('object', 'array'),
        )
        .map(([name, depth, kind]) => `{"${name}":${nested(depth, kind)}}`),
    },
  );
}

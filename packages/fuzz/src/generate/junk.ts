import fc from 'fast-check';

/** Texts that programs trip over. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udfff\ud800',
    '\ufeff',
    '\u202e',
    'é',
    'e\u0301',
    '𝔘',
    'İ',
    '__proto__',
    'constructor',
    'toString',
    '../..',
    '/etc/passwd',
    '%00',
    '%ff',
    '-1',
    '1e999',
    '0x10',
    '١',
    'NaN',
    'null',
    '\r\n',
    '${1}',
    "' or 1=1 --",
    '<script>',
    'x'.repeat(513),
    'x'.repeat(3000),
    Array.from({ length: 1000 }, (_, at) => `w${at}`).join(' '),
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** Numbers at the edges of what programs hold. */
export const hostileNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -0, -1, 0.5, 1e-320, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e21),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** An object or list nested that deep, as JSON. */
export const nested = (depth: number, kind: 'object' | 'array'): string =>
  kind === 'object'
    ? `${'{"not":'.repeat(depth)}{}${'}'.repeat(depth)}`
    : `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Any JSON value, small, and now and then deep or long. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(null, true, false, [], [[]], {}, { $ref: '#' }, [null], { length: -1 }),
  },
  { weight: 3, arbitrary: hostileText },
  { weight: 3, arbitrary: hostileNumber },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(30, 300), fc.constantFrom<'object' | 'array'>('object', 'array'))
      .map(([depth, kind]) => JSON.parse(nested(depth, kind)) as unknown),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom<unknown>('a', 0, null, {}), fc.constantFrom(600, 5000))
      .map(([value, length]) => new Array<unknown>(length).fill(value)),
  },
);

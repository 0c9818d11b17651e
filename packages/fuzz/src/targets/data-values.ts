import fc from 'fast-check';

// An id has a letter or a digit; around it is whatever files hold.
const around = fc.constantFrom(
  '',
  '',
  '',
  ' ',
  '"',
  '""',
  ',',
  '\t',
  ';',
  "'",
  '\n',
  '\r\n',
  '\\',
  '#',
  'é',
  '𝔘',
  '\u00a0',
  '\u200b',
  '-',
  '/',
  'null',
  '\ufeff',
);
/** Ids, and texts that look like something else. */
export const core = fc.constantFrom(
  'a',
  'b',
  'c',
  '1',
  '01',
  '1.0',
  '1e3',
  'NaN',
  'null',
  'true',
  'Z',
  'ß',
  '日本',
  'NULL',
  'inf',
  '2024-01-01',
  '0x1',
  '\\N',
);
/** What stands around them is part of them. */
export const id = fc.tuple(around, core, around).map((parts) => parts.join(''));
/** Ids without blanks. */
export const word = fc.constantFrom('a', 'b', '01', '1.0', 'é', '日本', 'x-y', '"q"', ',', '#1', 'null');

/** Times as people write them, with what they stand for. */
export const time: fc.Arbitrary<{ time: string; seconds: number }> = fc.oneof(
  fc.integer({ min: 0, max: 2e9 }).map((seconds) => ({ time: String(seconds), seconds })),
  fc
    .tuple(
      fc.integer({ min: 0, max: 2e9 }),
      fc.constantFrom('Z', '+00:00', '+05:30', '-08:00', '+14:00', ''),
      fc.constantFrom('T', ' '),
    )
    .map(([seconds, zone, between]) => {
      const minutes = /^[+-]/.test(zone)
        ? Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)))
        : 0;
      const local = new Date((seconds + minutes * 60) * 1000).toISOString().slice(0, 19);
      return { time: local.replace('T', between) + zone, seconds };
    }),
  fc.integer({ min: 0, max: 20_000 }).map((days) => ({
    time: new Date(days * 86_400_000).toISOString().slice(0, 10),
    seconds: days * 86_400,
  })),
);
/** Ratings, as they are written. */
export const rating = fc.constantFrom('1', '5', '4.5', '-1', '1e2', '0', '.5', '3.');
/** Weights, as they are written. */
export const weight = fc.constantFrom('1', '0', '2.5', '1e2', '.5', '3.');
/** Values that are none, by column, and the row they are put into. */
export const bad = fc.oneof(
  fc.record({
    row: fc.nat(20),
    column: fc.constantFrom('user' as const, 'kind' as const),
    value: fc.constantFrom('', ' ', '   '),
  }),
  fc.record({
    row: fc.nat(20),
    column: fc.constant('rating' as const),
    value: fc.constantFrom(
      '',
      'NaN',
      'nan',
      'inf',
      '-Infinity',
      'x',
      '1,5',
      '0x10',
      '1e999',
      '5 stars',
      '１',
      'true',
    ),
  }),
  fc.record({
    row: fc.nat(20),
    column: fc.constant('weight' as const),
    value: fc.constantFrom('', '-1', '-0.5', 'NaN', 'inf', 'x', '1e39'),
  }),
  fc.record({
    row: fc.nat(20),
    column: fc.constant('time' as const),
    value: fc.constantFrom(
      '',
      'NaN',
      'inf',
      'infinity',
      'yesterday',
      '2024-13-01',
      '2024-02-30',
      '24:00',
      'epoch',
      'now',
      '1e999',
    ),
  }),
);

import fc from 'fast-check';

import type { CommandShape, Flag } from './commands.js';

/** Arguments of `towerkit`. */
export interface CommandCase {
  readonly args: readonly string[];
}

/** What is in the working folder, by name. */
const PLACES = [
  'shop',
  'als',
  'moments',
  'shop/manifest.json',
  'ring.mjs',
  'broken.mjs',
  'empty.json',
  'rows.csv',
  'later.csv',
  'items.csv',
  'bad.csv',
  'serve.json',
  'folder',
  'fifo',
  'loop',
  'missing',
  'missing/deeper',
  'x'.repeat(300),
  '',
  '.',
  'ä ö',
  'new',
  'new/',
];

const VALUES: Readonly<Record<string, readonly string[]>> = {
  n: ['1', '2', '0', '-1', '1.5', 'x', '', '1e3', '9007199254740993', '0x10'],
  share: ['0', '1', '0.5', '-0.1', '1.1', 'x', '', 'NaN'],
  shares: ['90,10', '1', '0,0', '-1,2', 'x', ',,'],
  ids: ['P0001', 'P0001,P0002', 'nobody', ',', '', 'P0001,'.repeat(2000)],
  id: ['U00001', 'nobody', '', '\u202e'],
  words: ['a red mug', '', ' ', 'x'.repeat(5000)],
  address: ['127.0.0.1', '999.1.1.1', 'no.such.host.invalid', ''],
  url: ['postgres://nobody@127.0.0.1:1/x', '127.0.0.1:1', 'x', ''],
  string: ['Flat', 'IVF4,Flat', 'x', ''],
  name: ['a', "a'b", ''],
  names: ['hr@10', 'mrr,hr@5', 'hr@0', 'x', ''],
  metres: ['100', '100,200', '0', '-1', '1e9', '5,5', 'x', ''],
  classes: ['roads', 'roads,water', 'shops', 'roads,roads', ''],
  column: ['user', 'lat', 'x', ''],
  time: ['2026-01-31T12:00:00Z', '2026-01-31', '1e99', 'now', ''],
  'name=value': ['hour=8', 'weekday=1', 'hour=', 'hour', '=8', 'hour=[8]', 'category=Music', '__proto__=1'],
  'name=file': ['category=rows.csv', 'picture=missing', 'picture=', '=rows.csv', 'rows.csv'],
};

/** What a command cannot do without, in one way or another; of others an artifact. */
const NEEDED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  train: [['--config', 'ring.mjs']],
  baseline: [['--config', 'ring.mjs']],
  compare: [['--artifacts', 'shop,als']],
  recommend: [
    ['--artifact', 'shop'],
    ['--artifact', 'moments', '--user', 'U00001'],
    ['--artifact', 'moments', '--history', 'P0001'],
    ['--artifact', 'moments', '--all', '--out', 'new.csv'],
  ],
  update: [['--artifact', 'shop', '--data', 'later.csv', '--config', 'ring.mjs', '--epochs', '1']],
  'geo-features': [['--osm', 'empty.json', '--places', 'rows.csv', '--out', 'new.csv']],
  'embed-images': [['--model', 'folder', '--images', 'folder', '--out', 'new.npy']],
  events: [['prune', '--events', 'new.db', '--older-than', '1']],
};

/** Command lines of these commands: right, wrong and in the wrong order. */
export const commandCases = (shapes: readonly CommandShape[]): fc.Arbitrary<CommandCase> =>
  fc
    .oneof(...shapes.map(argumentsOf))
    .chain((args) => spoilt(args, shapes))
    .map((args) => ({ args }));

// What is needed is there most of the time, so that a command comes to do something.
function argumentsOf({ name, flags, argument }: CommandShape): fc.Arbitrary<string[]> {
  const first = argument
    ? fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...argument).map((one) => [one]) },
        { weight: 1, arbitrary: fc.constant(['x']) },
      )
    : fc.constant([] as string[]);
  const given = fc
    .subarray([...flags], { maxLength: Math.min(5, flags.length) })
    .chain((chosen) =>
      chosen.length === 0
        ? fc.constant([] as string[][])
        : fc.tuple(...chosen.map(flagOf)).map((list) => list as string[][]),
    );
  return fc
    .tuple(
      first,
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...(NEEDED[name] ?? [['--artifact', 'shop']])) },
        { weight: 1, arbitrary: fc.constant<readonly string[]>([]) },
      ),
      given,
    )
    .map(([own, base, list]) => [name, ...own, ...base, ...list.flat()]);
}

function flagOf({ name, value, choices }: Flag): fc.Arbitrary<string[]> {
  if (value === undefined) return fc.constant([name]);
  const known = choices ?? VALUES[value] ?? PLACES;
  return fc
    .oneof(
      { weight: 9, arbitrary: fc.constantFrom(...known) },
      { weight: 1, arbitrary: fc.constantFrom('', '--json', '\u0001', ...PLACES) },
    )
    .map((one) => [name, one]);
}

/** Now and then an argument is missing, stands twice, or is none of ours. */
function spoilt(args: readonly string[], shapes: readonly CommandShape[]): fc.Arbitrary<string[]> {
  const at = fc.nat(Math.max(0, args.length - 1));
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant<string[]>([...args]) },
    { weight: 1, arbitrary: at.map((place) => args.filter((_, one) => one !== place)) },
    { weight: 1, arbitrary: at.map((place) => [...args.slice(0, place + 1), ...args.slice(place)]) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          at,
          fc.constantFrom(
            '--no-such',
            '-',
            '--',
            '--help',
            '--version',
            'x',
            '--json=1',
            ...shapes.map(({ name }) => name),
          ),
        )
        .map(([place, more]): string[] => [...args.slice(0, place), more, ...args.slice(place)]),
    },
  );
}

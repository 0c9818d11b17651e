import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import fc from 'fast-check';

import { SHOP } from '../fixtures/configs.js';
import { TOWERKIT, type Fixtures } from '../fixtures/fixtures.js';
import { runNode, type Ended } from '../run/processes.js';
import { signatureOf, type Fault, type Running, type Target } from '../run/target.js';
import { commandShapes, type CommandShape, type Flag } from './commands.js';

/** Arguments of `towerkit`. */
export interface CommandCase {
  readonly args: readonly string[];
}

/** What serves, trains or compares for longer is interrupted, and must then end soon. */
const PATIENCE = { interrupt: 8000, kill: 20_000 };

/** What is in the working folder, by name. */
const PLACES = [
  'shop',
  'als',
  'shop/manifest.json',
  'ring.mjs',
  'broken.mjs',
  'empty.json',
  'rows.csv',
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
  id: ['u1', 'nobody', '', '\u202e'],
  words: ['a red mug', '', ' ', 'x'.repeat(5000)],
  address: ['127.0.0.1', '999.1.1.1', 'no.such.host.invalid', ''],
  url: ['postgres://nobody@127.0.0.1:1/x', '127.0.0.1:1', 'x', ''],
  string: ['Flat', 'IVF4,Flat', 'x', ''],
  name: ['a', "a'b", ''],
};

/** Command lines made from the help of every command, right, wrong and in the wrong order, in a folder full of traps. */
export const commandLine = (codes: ReadonlySet<string>): Target<CommandCase> => ({
  name: 'command',
  artifacts: ['shop', 'als'],
  async cases(fixtures) {
    const shapes = await commandShapes(fixtures.folder);
    return fc
      .oneof(...shapes.map(argumentsOf))
      .chain((args) => spoilt(args, shapes))
      .map((args) => ({ args }));
  },
  open: async (fixtures, folder) => new CommandLine(fixtures, join(folder, 'work'), codes),
});

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
  // What a command cannot do without is there most of the time, so that it comes to do something.
  const needed =
    name === 'train' || name === 'baseline'
      ? ['--config', 'ring.mjs']
      : name === 'compare'
        ? ['--artifacts', 'shop,als']
        : ['--artifact', 'shop'];
  return fc
    .tuple(
      first,
      fc.oneof(
        { weight: 4, arbitrary: fc.constant<string[]>(needed) },
        { weight: 1, arbitrary: fc.constant<string[]>([]) },
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

class CommandLine implements Running<CommandCase> {
  constructor(
    readonly fixtures: Fixtures,
    readonly folder: string,
    readonly codes: ReadonlySet<string>,
  ) {}

  async try({ args }: CommandCase): Promise<Fault | undefined> {
    await this.#layOut();
    const before = await namesAndSums(this.folder);
    const ended = await runNode([TOWERKIT, ...args], this.folder, PATIENCE);
    const fault = this.#judge(args, ended) ?? leftovers(args, before, await namesAndSums(this.folder), ended);
    await rm(this.folder, { recursive: true, force: true });
    return fault;
  }

  memory = async () => undefined;
  close = async () => undefined;

  #judge(args: readonly string[], { status, stderr, interrupted, killed }: Ended): Fault | undefined {
    const [command] = args;
    const fault = (kind: Fault['kind'], what: string): Fault => ({
      kind,
      signature: `${kind}: ${command}: ${signatureOf(what)}`,
      detail: `${what}\n${stderr.slice(-2000)}`,
    });
    if (killed) return fault('hang', 'it did not end after SIGINT');
    // Busy machines interrupt a command while it is still being loaded, before it listens for signals.
    if (interrupted && status === 'SIGINT') return undefined;
    if (typeof status === 'string') return fault('crash', `ended by ${status}`);
    if (/^\s+at .*(:\d+:\d+|<anonymous>)/m.test(stderr)) {
      const [line = ''] = stderr.split('\n').filter((one) => /Error|error/.test(one));
      return fault('undocumented', `a stack trace: ${line}`);
    }
    if (interrupted)
      return [0, 130].includes(status) ? undefined : fault('undocumented', `status ${status} after SIGINT`);
    if (status === 0) return undefined;
    if (status !== 2) return fault('undocumented', `status ${status}: ${stderr.trim().split('\n').at(-1)}`);
    if (stderr.startsWith('Usage: ')) return undefined; // a command lacks the command under it
    const lines = stderr.split('\n').filter((line) => /^error [A-Z_]+: /.test(line));
    if (lines.length !== 1) return fault('undocumented', `${lines.length} lines with a code`);
    const [, code] = /^error ([A-Z_]+): /.exec(lines[0])!;
    return this.codes.has(code) ? undefined : fault('undocumented', `code ${code}`);
  }

  async #layOut(): Promise<void> {
    const { folder, fixtures } = this;
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, 'folder'), { recursive: true });
    const write = (name: string, text: string) => writeFile(join(folder, name), text);
    for (const name of ['shop', 'als'])
      await cp(await fixtures.artifact(name), join(folder, name), { recursive: true });
    await write('folder/of-mine.txt', 'mine');
    await write('ring.mjs', SHOP);
    await write('broken.mjs', 'export default {');
    await write('empty.json', '');
    await write('rows.csv', 'user,item\nu1,P0001\nu1,P0002\nu2,P0001\nu2,P0003\n');
    await write('items.csv', 'id,title,category,price\nN1,New,Music,3\n');
    await write('bad.csv', 'user,item\n"u1,P0001\n');
    await write('serve.json', '{"port": 0, "threads": 1}');
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    await symlink('loop', join(folder, 'loop'));
  }
}

type Sums = ReadonlyMap<string, string>;

async function namesAndSums(folder: string): Promise<Sums> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = new Map<string, string>();
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const sum = entry.isFile()
      ? createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
      : 'no file';
    found.set(path.slice(folder.length + 1), sum);
  }
  return found;
}

/** A command that failed has changed nothing; one that ended leaves nothing half-written. */
function leftovers(
  args: readonly string[],
  before: Sums,
  after: Sums,
  { status, interrupted }: Ended,
): Fault | undefined {
  const fault = (what: string, names: readonly string[]): Fault => ({
    kind: 'leftover',
    signature: `leftover: ${args[0]}: ${what}`,
    detail: `${what}: ${names.join(', ')}`,
  });
  const half = [...after.keys()].filter((name) => !before.has(name) && /\.tmp\b|\.making\b/.test(name));
  if (half.length > 0) return fault('half-written files', half);
  const lost = [...before].filter(([name, sum]) => after.get(name) !== sum).map(([name]) => name);
  if (interrupted) return undefined;
  if (status !== 0 && lost.length > 0) return fault('a command that failed changed files', lost);
  const foreign = lost.filter((name) => !/^(shop|als|new)(\/|$)/.test(name));
  if (status === 0 && foreign.length > 0 && !args.includes(foreign[0]))
    return fault('files of others were changed', foreign);
  const added = [...after.keys()].filter((name) => !before.has(name));
  if (status !== 0 && added.length > 0) return fault('a command that failed left files', added);
  return undefined;
}

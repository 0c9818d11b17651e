import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { SHOP } from '../fixtures/configs.js';
import { LATER_ROWS } from '../fixtures/later-rows.js';
import { TOWERKIT, type Fixtures } from '../fixtures/fixtures.js';
import { runNode, type Ended } from '../run/processes.js';
import { signatureOf, type Fault, type Running, type Target } from '../run/target.js';
import { commandCases, type CommandCase } from './command-cases.js';
import { commandShapes } from './commands.js';

/** What serves, trains or compares for longer is interrupted, and must then end soon. */
const PATIENCE = { interrupt: 8000, kill: 20_000 };

/** What is copied into the working folder. */
const ARTIFACTS = ['shop', 'als', 'moments'];

/** Command lines made from the help of every command, right, wrong and in the wrong order, in a folder full of traps. */
export const commandLine = (codes: ReadonlySet<string>): Target<CommandCase> => ({
  name: 'command',
  artifacts: ARTIFACTS,
  cases: async (fixtures) => commandCases(await commandShapes(fixtures.folder)),
  open: async (fixtures, folder) => new CommandLine(fixtures, join(folder, 'work'), codes),
});

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
    for (const name of ARTIFACTS)
      await cp(await fixtures.artifact(name), join(folder, name), { recursive: true });
    await write('folder/of-mine.txt', 'mine');
    await write('ring.mjs', SHOP);
    await write('broken.mjs', 'export default {');
    await write('empty.json', '');
    await write('rows.csv', 'user,item\nu1,P0001\nu1,P0002\nu2,P0001\nu2,P0003\n');
    await write('later.csv', LATER_ROWS);
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
  const foreign = lost.filter((name) => !/^(shop|als|moments|new)(\/|$)/.test(name));
  if (status === 0 && foreign.length > 0 && !args.includes(foreign[0]))
    return fault('files of others were changed', foreign);
  const added = [...after.keys()].filter((name) => !before.has(name));
  if (status !== 0 && added.length > 0) return fault('a command that failed left files', added);
  return undefined;
}

import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { blocksOf, folderOf, type Block } from '../markdown/blocks.js';
import { DOCS } from '../repository.js';

/** A page whose shell blocks are run. */
export interface RunnablePage {
  /** Such as `guides/places`. */
  readonly name: string;
  readonly text: string;
}

/** What running found. */
export interface Ran {
  /** Shell blocks that were run, servers among them. */
  run: number;
  /** Blocks that a marker leaves out, with its reason. */
  readonly leftOut: string[];
  readonly problems: string[];
  /** Seconds by page. */
  readonly seconds: Map<string, number>;
}

/** Milliseconds that a block may take, and that a server may take to answer. */
const LIMIT = 180_000;
/** Milliseconds between two looks whether a server answers. */
const PAUSE = 200;

/**
 * Before each block. Nothing comes from a registry: what a page installs must be among this package's dependencies, which the folder has as
 * its `node_modules`; that an installation itself works is tried by the check of publishing. npx takes what is there.
 */
const PREAMBLE = `set -euo pipefail
export npm_config_offline=true npm_config_update_notifier=false
npm() {
  if [ "\${1:-}" != install ]; then command npm "$@"; return; fi
  shift
  for name in "$@"; do
    case "$name" in -*) continue ;; esac
    [ -e "node_modules/$name/package.json" ] || { echo "npm install $name: not among the dependencies of apps/docs" >&2; return 1; }
  done
}
`;

/**
 * Runs the shell blocks of pages in folders of their own, in the order of the page; blocks with the name of a file are written there first.
 *
 * @param asked names of those to run, after the pages whose folders they go on with
 * @param onDone is told of each page that is through
 */
export async function runBlocks(
  pages: readonly RunnablePage[],
  asked: readonly string[],
  onDone: (page: string) => void,
): Promise<Ran> {
  const ran: Ran = { run: 0, leftOut: [], problems: [], seconds: new Map() };
  const work = await mkdtemp(join(tmpdir(), 'towerkit-docs-'));
  try {
    const folders = new Map<string, string>();
    for (const page of inOrder(pages, asked)) {
      const start = performance.now();
      const folder = join(work, page.name.replaceAll('/', '-'));
      const base = baseOf(page);
      if (base) await cp(folders.get(base)!, folder, { recursive: true, verbatimSymlinks: true });
      else {
        await mkdir(folder);
        await symlink(join(DOCS, 'node_modules'), join(folder, 'node_modules'), 'junction');
      }
      folders.set(page.name, folder);
      await runPage(page, folder, ran);
      ran.seconds.set(page.name, (performance.now() - start) / 1000);
      onDone(page.name);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return ran;
}

const baseOf = ({ name, text }: RunnablePage) => {
  const base = folderOf(text);
  return base && name.startsWith('guides/') && base !== 'quick-start' ? `guides/${base}` : base;
};

/** Pages after those whose folder they go on with. */
function inOrder(pages: readonly RunnablePage[], asked: readonly string[]): RunnablePage[] {
  const byName = new Map(pages.map((page) => [page.name, page]));
  const out = new Set<RunnablePage>();
  const add = (page: RunnablePage, path: readonly string[]): void => {
    const base = baseOf(page);
    if (path.includes(page.name)) throw new Error(`pages go on with each other: ${path.join(', ')}`);
    if (base && !byName.has(base)) throw new Error(`${page.name} goes on with ${base}, which is not there`);
    if (base) add(byName.get(base)!, [...path, page.name]);
    out.add(page);
  };
  for (const name of asked) {
    const page = byName.get(name);
    if (!page) throw new Error(`there is no page ${name} to run`);
    add(page, []);
  }
  return [...out];
}

async function runPage({ name, text }: RunnablePage, folder: string, ran: Ran): Promise<void> {
  const servers: ChildProcess[] = [];
  const fail = ({ line }: Block, why: string) => ran.problems.push(`${name}.md:${line}: ${why}`);
  try {
    for (const block of blocksOf(name, text)) {
      if (block.file) await writeFile(join(folder, block.file), block.code);
      if (block.language !== 'sh') continue;
      if (block.marker?.kind === 'not run') {
        ran.leftOut.push(`${name}.md:${block.line}: ${block.marker.text}`);
        continue;
      }
      ran.run++;
      const { child, ended } = start(block.code, folder);
      if (block.marker?.kind === 'server') {
        servers.push(child);
        const up = await answers(block.marker.text, ended);
        if (up !== true) fail(block, up);
      } else {
        const { status, output } = await ended;
        if (block.marker?.kind === 'fails') {
          if (status === 0 || !output.includes(block.marker.text))
            fail(block, `it should fail with ${block.marker.text}, status ${status}\n${output.slice(-3000)}`);
        } else if (status !== 0) fail(block, `exit status ${status}\n${output.slice(-3000)}`);
      }
    }
  } finally {
    for (const server of servers) stop(server);
  }
}

interface Ended {
  readonly status: number | string;
  readonly output: string;
}

function start(code: string, cwd: string): { child: ChildProcess; ended: Promise<Ended> } {
  // A group of its own, so that a server under npx ends with it.
  const child = spawn('bash', ['-c', PREAMBLE + code], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const ended = new Promise<Ended>((resolve, reject) => {
    const timer = setTimeout(() => stop(child), LIMIT);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ status: status ?? String(signal), output });
    });
  });
  return { child, ended };
}

function stop({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Waits until a URL answers well: true, or why not. */
async function answers(url: string, ended: Promise<Ended>): Promise<true | string> {
  let over: Ended | undefined;
  void ended.then((end) => (over = end));
  const until = performance.now() + LIMIT;
  while (performance.now() < until) {
    if (over) return `the server ended: ${over.output.slice(-3000)}`;
    const found = await fetch(url).catch(() => undefined);
    await found?.arrayBuffer();
    if (found?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return `${url} did not answer in ${LIMIT / 1000} s`;
}

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Fault, Running } from '../run/target.js';
import { signatureOf } from '../run/target.js';
import type { SubjectName } from '../targets/subjects.js';
import type { Told } from './protocol.js';

/** What a subject is tried with. */
export interface VictimOptions {
  readonly subject: SubjectName;
  readonly folder: string;
  /** Folder of the artifacts. */
  readonly fixtures: string;
  readonly codes: ReadonlySet<string>;
  /** Milliseconds a case may take. */
  readonly limit: number;
  /** Bytes that the resident memory may grow by in one case. */
  readonly growth?: number;
  /** Says which kind of case it is, so that a crash has a signature. */
  about(tried: unknown): string;
}

const PROGRAM = fileURLToPath(new URL('./victim-program.js', import.meta.url));
const START = 60_000;
const GROWTH = 1.5 * 2 ** 30;

/** Tries cases in a process of its own: one that crashes or hangs is a fault, and another takes its place. */
export class Victim implements Running<unknown> {
  #child: ChildProcess | undefined;
  #stderr = '';
  #id = 0;
  #peak = 0;

  constructor(readonly options: VictimOptions) {}

  /**
   * A process that has tried cases that nobody spoilt.
   *
   * @param whole cases that must be taken: where they are refused too, refusals of the others say nothing
   * @throws Error where one is not
   */
  static async open(options: VictimOptions, whole: readonly unknown[]): Promise<Victim> {
    const victim = new Victim(options);
    for (const tried of whole) {
      const found = await victim.#try(tried, false);
      if (!found) continue;
      await victim.close();
      throw new Error(`${options.subject}: a case that nobody spoilt: ${found.detail}`);
    }
    return victim;
  }

  try(tried: unknown): Promise<Fault | undefined> {
    return this.#try(tried, true);
  }

  async #try(tried: unknown, mayRefuse: boolean): Promise<Fault | undefined> {
    const { limit, about, codes, growth = GROWTH } = this.options;
    const child = await this.#start();
    const id = this.#id++;
    const first = await this.#next<Told>(child, limit, () => child.send({ id, tried }));
    if (first === 'late') {
      await this.#kill();
      return fault('hang', `${about(tried)}: no answer in ${limit} ms`, this.#stderr);
    }
    if ('ended' in first) {
      this.#child = undefined;
      const what = `${about(tried)}: the process ended with ${first.ended}`;
      return fault('crash', `${what} ${lastLine(this.#stderr)}`, this.#stderr);
    }
    const grown = this.#peak === 0 ? 0 : first.peak - this.#peak;
    this.#peak = Math.max(this.#peak, first.peak);
    const { bug, refused, wrong } = first;
    if (wrong) return { kind: 'wrong', signature: `wrong: ${wrong.what}`, detail: wrong.detail };
    if (bug !== undefined)
      return { ...fault('undocumented', `${about(tried)}: ${bug}`), signature: ofStack(bug) };
    if (refused && !mayRefuse) return fault('wrong', `refused, ${refused.code}: ${refused.message}`);
    if (refused && !codes.has(refused.code))
      return fault('undocumented', `code ${refused.code}: ${refused.message}`);
    if (refused && /[\n\r]/.test(refused.message))
      return fault('undocumented', `a message of several lines, ${refused.code}`, refused.message);
    if (grown > growth) {
      await this.#kill(); // the next one starts small
      return fault('memory', `${about(tried)}: resident memory grew by ${Math.round(grown / 2 ** 20)} MiB`);
    }
    return undefined;
  }

  async memory(): Promise<number | undefined> {
    const child = await this.#start();
    const told = await this.#next<{ memory: number }>(child, START, () => child.send('memory'));
    if (told === 'late') await this.#kill(); // what it says later is no answer to the next case
    return told === 'late' || 'ended' in told ? undefined : told.memory;
  }

  async close(): Promise<void> {
    await this.#kill();
  }

  async #start(): Promise<ChildProcess> {
    if (this.#child?.connected) return this.#child;
    const { subject, folder, fixtures } = this.options;
    this.#stderr = '';
    this.#peak = 0;
    const child = fork(PROGRAM, [subject, folder, fixtures], {
      execArgv: ['--expose-gc'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, NODE_OPTIONS: '' },
      cwd: folder,
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4000);
    });
    const first = await this.#next<string>(child, START);
    if (first !== 'ready') throw new Error(`the process for ${subject} did not start: ${this.#stderr}`);
    return (this.#child = child);
  }

  /** The next message of a process, or how it ended, or that it took too long. */
  #next<Message>(
    child: ChildProcess,
    limit: number,
    begin: () => void = () => undefined,
  ): Promise<Message | { ended: string } | 'late'> {
    return new Promise((resolve) => {
      const settle = (what: Message | { ended: string } | 'late') => {
        clearTimeout(timer);
        child.off('message', onMessage).off('close', onClose);
        resolve(what);
      };
      const onMessage = (message: unknown) => settle(message as Message);
      const onClose = (status: number | null, signal: string | null) =>
        settle({ ended: String(status ?? signal) });
      const timer = setTimeout(() => settle('late'), limit);
      child.on('message', onMessage).on('close', onClose);
      begin();
    });
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

function fault(kind: Fault['kind'], text: string, more = ''): Fault {
  return { kind, signature: `${kind}: ${signatureOf(text)}`, detail: more ? `${text}\n${more}` : text };
}

/** Where an error came from: its message without figures, and the first place of ours. */
function ofStack(stack: string): string {
  const place = /^\s+at (?:async )?([\w.#<>$ ]+) \(.*?\/((?:packages|apps)\/[\w-]+)\//m.exec(stack);
  return `undocumented: ${signatureOf(stack)}${place ? ` at ${place[1]} of ${place[2]}` : ''}`;
}

const lastLine = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .filter((line) => /error|fatal|terminate|assert|abort/i.test(line))
    .at(-1) ?? '';

import type { Inspection } from '@towerkit/inspect';
import { createInterface } from 'node:readline';

import { Interrupted } from './interrupt.js';

/** Asks questions on the terminal, one after the other. */
export class Questions {
  readonly #terminal = createInterface({ input: process.stdin, output: process.stderr });
  readonly #lines: string[] = [];
  #ended = false;
  #waiting?: () => void;

  constructor() {
    // Lines that come faster than the questions wait for them.
    this.#terminal.on('line', (line) => {
      this.#lines.push(line.trim());
      this.#waiting?.();
    });
    this.#terminal.on('close', () => {
      this.#ended = true;
      this.#waiting?.();
    });
  }

  /** The answer to a question. @throws Interrupted for Ctrl-C, and where the input ends */
  async ask(question: string): Promise<string> {
    process.stderr.write(question);
    if (this.#lines.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    const line = this.#lines.shift();
    if (line === undefined) throw new Interrupted();
    return line;
  }

  /** Whether somebody agrees; nothing said is a yes. */
  async agrees(question: string): Promise<boolean> {
    return !/^n/i.test(await this.ask(`${question} [Y/n] `));
  }

  close(): void {
    this.#terminal.close();
  }
}

/**
 * Asks which columns say who and what, where the files leave it open.
 *
 * @returns the columns; undefined where nothing is to be asked, or the guess is right
 */
export async function chooseColumns(
  { log }: Inspection,
  questions: Questions,
): Promise<{ user: string; item: string } | undefined> {
  if (!log?.rival) return undefined;
  const { user, item, rival } = log;
  const answer = await questions.ask(
    `${log.file.name} may be read in two ways:\n  1  user ${user.name}, item ${item.name}\n  2  user ${rival.user}, item ${rival.item}\nWhich is right? [1] `,
  );
  return answer === '2' ? rival : undefined;
}

import type { Inspection } from '@towerkit/inspect';
import { createInterface } from 'node:readline/promises';

/** Asks a question on the terminal; an empty answer is the default. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}

/** Whether somebody agrees. */
export const confirm = async (question: string): Promise<boolean> =>
  !/^n/i.test(await ask(`${question} [Y/n] `));

/**
 * Asks which columns say who and what, where the files leave it open.
 *
 * @returns the columns; undefined where nothing is to be asked, or the guess is right
 */
export async function chooseColumns({
  log,
}: Inspection): Promise<{ user: string; item: string } | undefined> {
  if (!log?.rival) return undefined;
  const { user, item, rival } = log;
  const answer = await ask(
    `${log.file.name} may be read in two ways:\n  1  user ${user.name}, item ${item.name}\n  2  user ${rival.user}, item ${rival.item}\nWhich is right? [1] `,
  );
  return answer === '2' ? rival : undefined;
}

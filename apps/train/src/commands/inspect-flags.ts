import { InvalidArgumentError, type Command } from 'commander';

import { json } from './shared-options.js';

/** Flags that `init` and `inspect` share. */
const columns = (command: Command): Command =>
  command
    .option('--user <column>', 'the column that says who, where the guess is wrong')
    .option('--item <column>', 'the column that says what, where the guess is wrong');

/** Flags of `init`. */
export const initFlags = (command: Command): Command =>
  columns(
    command
      .argument(
        '[files...]',
        'interactions, items and users, in any order (default: the tables in this folder)',
      )
      .option('--yes', 'ask nothing')
      .option('--name <name>', 'of the run: the artifact goes to artifacts/<name>', nameOf),
  ).addOption(json());

/** Flags of `inspect`. */
export const inspectFlags = (command: Command): Command =>
  columns(command.argument('<files...>', 'interactions, items and users, in any order')).addOption(json());

/** A name of a run, as configs have them. @throws InvalidArgumentError */
function nameOf(text: string): string {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(text))
    throw new InvalidArgumentError('It is made of letters, digits, ".", "_" and "-".');
  return text;
}

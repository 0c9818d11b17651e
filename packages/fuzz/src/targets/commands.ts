import { TOWERKIT } from '../fixtures/fixtures.js';
import { runNode } from '../run/processes.js';

/** An option as `--help` lists it. */
export interface Flag {
  readonly name: string;
  /** What it takes, such as `folder`; nothing for a switch. */
  readonly value?: string;
  readonly choices?: readonly string[];
}

/** A command as `--help` lists it. */
export interface CommandShape {
  readonly name: string;
  readonly flags: readonly Flag[];
  /** Values of its argument, where it has one. */
  readonly argument?: readonly string[];
}

const PATIENCE = { interrupt: 30_000, kill: 5000 };

/** All commands with their options, from what the program says of itself. */
export async function commandShapes(cwd: string): Promise<CommandShape[]> {
  const help = async (...args: string[]) =>
    (await runNode([TOWERKIT, ...args, '--help'], cwd, PATIENCE)).stdout;
  const names = [...(await help()).matchAll(/^ {2}([a-z][\w-]*) (?=.*(?:\[options\]|<|\s{2,}))/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== 'help');
  return Promise.all(
    names.map(async (name) => {
      const text = await help(name);
      const options = text.slice(text.indexOf('Options:'));
      const flags = [
        ...options.matchAll(/^ {2}(?:-\w, )?(--?[\w-]+)(?: <([^>]+)>)?((?:.*\n(?! {2}-|\n))*.*)/gm),
      ];
      const argument = /Arguments:\s+\S+\s+[^(]*\(choices: ([^)]*)\)/.exec(text)?.[1];
      return {
        name,
        flags: flags.map(([, flag, value, about]) => ({
          name: flag,
          value,
          choices: listOf(/\(choices: ([^)]*?)[,)]? *(?:default|\))/s.exec(about)?.[1]),
        })),
        ...(argument !== undefined && { argument: listOf(argument) }),
      };
    }),
  );
}

function listOf(text: string | undefined): string[] | undefined {
  const found = [...(text ?? '').matchAll(/"([^"]*)"/g)].map(([, one]) => one);
  return found.length > 0 ? found : undefined;
}

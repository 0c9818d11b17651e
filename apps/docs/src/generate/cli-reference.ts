import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describeConfig } from '@towerkit/pipeline';

import { ROOT } from '../repository.js';

const BIN = join(ROOT, 'apps/train/bin/towerkit.mjs');

/** What `towerkit ... --help` prints. */
async function help(...command: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, ...command, '--help']);
  // `train` and `baseline` list the keys of a config below their flags; those have a page of their own.
  return stdout.split('\nKeys of a config')[0].trimEnd();
}

/** Names of the commands that a help lists, with what it says of each. */
function commandsOf(text: string): string[] {
  const lines = (text.split('\nCommands:\n')[1] ?? '').split('\n');
  const names = lines.flatMap((line) => /^ {2}([a-z][a-z-]*)\b/.exec(line)?.[1] ?? []);
  return names.filter((name) => name !== 'help');
}

/** The page of the command, from the flags that the program defines. */
export async function cliPage(): Promise<string> {
  const main = await help();
  const names = commandsOf(main);
  const own = await Promise.all(names.map((name) => help(name)));
  const sections = await Promise.all(
    names.map(async (name, at) => {
      const under = commandsOf(own[at]);
      const texts = under.length > 0 ? await Promise.all(under.map((sub) => help(name, sub))) : [own[at]];
      return `## ${name}\n\n${texts.map((text) => `\`\`\`text\n${text}\n\`\`\``).join('\n\n')}\n`;
    }),
  );
  return `# Command line

Made from the flags that the program defines; \`towerkit COMMAND --help\` prints the same. What each command does, and the JSON that
\`--json\` prints, is told in [the package's page](/packages/towerkit#commands). An error that you can correct is one line with a stable code
and a hint, and exit status 2.

\`\`\`text
${main}
\`\`\`

${sections.join('\n')}`;
}

/** The page of the keys of a config, from the schema that checks them. */
export function configPage(): string {
  const rows = describeConfig()
    .split('\n')
    .flatMap((line) => {
      const found = /^\s*(\S+)\s{2,}(.*)$/.exec(line);
      return found ? [`| \`${found[1]}\` | ${cell(found[2])} |`] : [];
    });
  return `# Keys of a config

Made from the schema that checks a config; \`towerkit train --help\` lists the same. Defaults stand in brackets. Unknown keys are errors.
[Configs](/packages/towerkit#configs) says more of many of them.

| key | |
| --- | --- |
${rows.join('\n')}
`;
}

/** A text for a cell of a table, its characters not read as Markdown or HTML. */
const cell = (text: string) =>
  text
    .replace(/[\\|*_[\]`]/g, '\\$&')
    .replaceAll('<', '&lt;')
    .replaceAll('{', '&#123;');

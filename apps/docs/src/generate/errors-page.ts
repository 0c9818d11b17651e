import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { asIs } from '../markdown/outside-code.js';
import { withLinks } from '../markdown/links.js';
import { publicPackages, ROOT } from '../repository.js';

/** Every error code that a README lists, with where it comes from and when. */
export function errorsPage(pages: ReadonlyMap<string, string>): string {
  const rows = publicPackages().flatMap(({ name, folder }) => {
    const file = `${folder}/README.md`;
    const text = readFileSync(join(ROOT, file), 'utf8');
    const [, section = ''] = /^#+ (?:Error codes|Errors)\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(text) ?? [];
    return [...section.matchAll(/^\| (`[A-Z][^|]*?)\s*\| (.*?)\s*\|$/gm)].flatMap(([, codes, when]) =>
      [...codes.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, code]) => ({
        code,
        row: `| \`${code}\` | [${name}](/packages/${name.replace('@towerkit/', '')}) | ${withLinks(when, file, pages)} |`,
      })),
    );
  });
  rows.sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  return `# Errors

Every error that you can act on is a \`TowerkitError\` with a stable \`code\`, a one-line message, a \`hint\` that says the next step, and \`details\` for programs. The command
prints \`error CODE: message\` with the hint below and exits with 2; the server answers problem details (RFC 9457) with the code. Recognize them by code, never by \`instanceof\`:
the ES and CommonJS copies of a class differ.

\`\`\`ts
import { isTowerkitError } from '@towerkit/core';
import { openArtifact } from '@towerkit/recommend';

try {
  await openArtifact('artifacts/none');
} catch (error) {
  if (!isTowerkitError(error, 'ARTIFACT_NOT_FOUND')) throw error;
  console.log(error.message, error.hint);
}
\`\`\`

Codes are part of the API. A code that several packages share means the same in each.

${asIs(`| code | package | when |\n| --- | --- | --- |\n${rows.map(({ row }) => row).join('\n')}`)}`;
}

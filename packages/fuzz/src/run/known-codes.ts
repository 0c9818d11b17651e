import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The codes that the README of a package documents, of all packages: no list of ours could be as true. */
export function documentedCodes(root: string): ReadonlySet<string> {
  const found = new Set<string>();
  const folders = ['packages', 'apps'].flatMap((part) =>
    readdirSync(join(root, part)).map((name) => join(part, name)),
  );
  for (const folder of [...folders, 'datasets'])
    for (const code of codesOf(readme(join(root, folder)))) found.add(code);
  return found;
}

/** What stands in backticks in the sections about codes, and looks like one. */
function codesOf(text: string): string[] {
  const sections = text.split(/^#{2,3} /m).filter((section) => /^(Error codes|Codes|Errors)\b/.test(section));
  return [...sections.join('\n').matchAll(/`([A-Z][A-Z_]*[A-Z])`/g)].map(([, code]) => code);
}

function readme(folder: string): string {
  try {
    return readFileSync(join(folder, 'README.md'), 'utf8');
  } catch {
    return '';
  }
}

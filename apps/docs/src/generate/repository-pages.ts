import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { withLinks } from '../markdown/links.js';
import { asIs } from '../markdown/outside-code.js';
import { publicPackages, ROOT, WEB } from '../repository.js';

const RESULTS = 'apps/bench/results';

/** A page that is made of a file of the repository. */
export interface RepositoryPage {
  /** File of the repository, with slashes. */
  readonly from: string;
  /** Page of the site, without ending: `/results/als`. */
  readonly page: string;
  readonly title: string;
}

/** Packages and results, one page each. */
export function repositoryPages(): RepositoryPage[] {
  const results = readdirSync(join(ROOT, RESULTS))
    .filter((name) => name.endsWith('.md'))
    .map((name) => ({
      from: `${RESULTS}/${name}`,
      page: `/results/${name === 'README.md' ? 'index' : basename(name, '.md')}`,
      title: titleOf(readFileSync(join(ROOT, RESULTS, name), 'utf8')),
    }));
  const packages = publicPackages().map(({ name, folder }) => ({
    from: `${folder}/README.md`,
    page: `/packages/${name.replace('@towerkit/', '')}`,
    title: name,
  }));
  return [...results, ...packages];
}

const titleOf = (text: string) => /^# (.*)$/m.exec(text)![1];

/** Page of the site by file of the repository, for links. */
export const pageOfFile = (pages: readonly RepositoryPage[]): Map<string, string> =>
  new Map([
    ...pages.map(({ from, page }): [string, string] => [from, page.replace(/\/index$/, '/')]),
    ['CONTRIBUTING.md#glossary', '/reference/glossary'],
  ]);

/** The text of such a page, its links those of the site, with a note of where it comes from. */
export function repositoryPageText(
  { from, page }: RepositoryPage,
  pages: ReadonlyMap<string, string>,
): string {
  const text = withLinks(readFileSync(join(ROOT, from), 'utf8'), from, pages);
  const api = page.startsWith('/packages/')
    ? `API of every symbol: [${apiName(page)}](/api/${apiName(page)}).`
    : '';
  const source = `Made from [${from}](${WEB}/blob/main/${from}).`;
  return `${asIs(text)}\n\n---\n\n${source} ${api}\n`;
}

const apiName = (page: string) => {
  const name = page.replace('/packages/', '');
  return name === 'towerkit' ? name : `@towerkit/${name}`;
};

/** The glossary of CONTRIBUTING.md as a page: the words are written down once. */
export function glossaryPage(): string {
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const [, section] = /^## Glossary\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(text)!;
  return `# Glossary\n\n${asIs(withLinks(section.trim(), 'CONTRIBUTING.md', new Map()))}\n`;
}

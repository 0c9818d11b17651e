import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { DOCS, MADE } from '../repository.js';
import { writeApi, type Api } from './api.js';
import { cliPage, configPage } from './cli-reference.js';
import { errorsPage } from './errors-page.js';
import { glossaryPage, pageOfFile, repositoryPages, repositoryPageText } from './repository-pages.js';
import { tidyApi } from './tidy-api.js';

/** Folder of all pages, written and made. */
export const PAGES = join(MADE, 'pages');

/** Puts all pages together: those written here, those made from the program, its types and files of the repository. */
export async function assemble(): Promise<Api> {
  await rm(PAGES, { recursive: true, force: true });
  await mkdir(PAGES, { recursive: true });
  await cp(join(DOCS, 'pages'), PAGES, { recursive: true });

  const made = repositoryPages();
  const pages = pageOfFile(made);
  const texts: [string, string][] = [
    ['/reference/cli', await cliPage()],
    ['/reference/config', configPage()],
    ['/reference/errors', errorsPage(pages)],
    ['/reference/glossary', glossaryPage()],
    ...made.map((page): [string, string] => [page.page, repositoryPageText(page, pages)]),
  ];
  for (const [page, text] of texts) {
    const file = join(PAGES, `${page}.md`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  const folder = join(PAGES, 'api');
  const api = await writeApi(folder);
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.md'));
  const written = new Map<string, string>();
  for (const name of names)
    written.set(name.replaceAll('\\', '/'), await readFile(join(folder, name), 'utf8'));
  for (const [name, text] of tidyApi(written)) await writeFile(join(folder, name), text);

  const list = ({ title, page }: { title: string; page: string }) => ({ text: title, link: page });
  await writeFile(
    join(MADE, 'sidebar.json'),
    JSON.stringify({
      results: made.filter(({ page }) => /^\/results\/(?!index)/.test(page)).map(list),
      packages: made.filter(({ page }) => page.startsWith('/packages/')).map(list),
      api: api.entries.map((entry) => ({ text: entry, link: `/api/${entry}` })),
    }),
  );
  return api;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CHROMIUM } from '@towerkit/workspace/browser';

import { BASE, buildSite, SITE } from './build-site.js';
import { browse } from './check/browse.js';
import { checkLinks } from './check/links.js';
import { runBlocks } from './check/run-blocks.js';
import { typeCheck } from './check/type-check.js';
import { blocksOf } from './markdown/blocks.js';
import { DOCS, publicPackages, ROOT } from './repository.js';
import { serveFolder } from './static-server.js';

/** Builds the site and checks it; prints figures, and what is wrong. `--only types,run,site` leaves out the rest, `--pages guides/places` runs
 * those alone, after pages whose folder they go on with. */
const given = (flag: string): string | undefined => {
  const at = process.argv.indexOf(flag);
  return at < 0 ? undefined : process.argv[at + 1];
};
const only = (given('--only') ?? 'types,run,site').split(',');
const problems: string[] = [];
const say = (text: string) => process.stdout.write(`${text}\n`);

async function timed<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  say(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

const written = readdirSync(join(DOCS, 'pages'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({
    name: name.replaceAll('\\', '/').replace(/\.md$/, ''),
    text: readFileSync(join(DOCS, 'pages', name), 'utf8'),
  }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

if (only.includes('types')) {
  const readmes = ['README.md', ...publicPackages().map(({ folder }) => `${folder}/README.md`)];
  const blocks = [
    ...written.flatMap(({ name, text }) => blocksOf(`apps/docs/pages/${name}.md`, text)),
    ...readmes
      .flatMap((file) => blocksOf(file, readFileSync(join(ROOT, file), 'utf8')))
      .filter(({ language }) => language === 'ts'),
  ];
  const { checked, problems: found } = await timed('type check', () => typeCheck(blocks));
  say(`blocks type-checked: ${checked}`);
  problems.push(...found);
}

if (only.includes('run')) {
  const pages = written.filter(({ name }) => name === 'quick-start' || name.startsWith('guides/'));
  const asked = given('--pages')?.split(',');
  const ran = await timed('running', () =>
    runBlocks(pages, asked ?? pages.map(({ name }) => name), (page) => say(`  ran ${page}`)),
  );
  say(`shell blocks run: ${ran.run}; left out, with a reason: ${ran.leftOut.length}`);
  for (const [page, seconds] of ran.seconds) say(`  ${seconds.toFixed(1)} s ${page}`);
  for (const block of ran.leftOut) say(`  not run: ${block}`);
  problems.push(...ran.problems);
}

if (only.includes('site')) {
  const api = await timed('build', buildSite);
  say(`exported symbols: ${api.symbols}; without a docstring: ${api.undocumented.length}`);
  problems.push(...api.undocumented, ...api.warnings);
  const found = await timed('links', () => checkLinks(SITE, BASE));
  say(`pages: ${found.pages}; links within the site: ${found.links}; broken: ${found.problems.length}`);
  problems.push(...found.problems);
  if (CHROMIUM) {
    const server = await serveFolder(SITE, 0, BASE);
    const { looked, problems: seen } = await timed('browser', () => browse(server.url));
    await server.close();
    say(`pages looked at, on desktop and phone, light and dark: ${looked}`);
    problems.push(...seen);
  } else say('TOWERKIT_CHROMIUM names no browser: no page was looked at');
}

for (const problem of problems) process.stderr.write(`${problem}\n`);
say(`problems: ${problems.length}`);
process.exitCode = problems.length > 0 ? 1 : 0;

import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

import { fileFor } from '../static-server.js';

/**
 * Follows every link of a built site that stays in it, to its page and to the element that its anchor names.
 *
 * @param folder of the site
 * @param base path that it lies under
 */
export async function checkLinks(
  folder: string,
  base = '/',
): Promise<{ pages: number; links: number; problems: string[] }> {
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.html') && name !== '404.html')
    .map((name) => name.replaceAll('\\', '/'));
  const texts = new Map<string, string>();
  for (const name of names) texts.set(name, await readFile(join(folder, name), 'utf8'));
  const ids = new Map([...texts].map(([name, text]) => [name, idsOf(text)]));
  const problems = new Set<string>();
  let links = 0;
  for (const [name, text] of texts)
    for (const [, href] of text.matchAll(/<(?:a|img|link|script)\b[^>]*?\s(?:href|src)="([^"]*)"/g)) {
      if (/^([a-z]+:|\/\/)/i.test(href)) continue;
      links++;
      const problem = await follow(href.replaceAll('&amp;', '&'), name);
      if (problem) problems.add(`${name}: ${href}: ${problem}`);
    }
  return { pages: names.length, links, problems: [...problems] };

  async function follow(href: string, from: string): Promise<string | undefined> {
    const [path, anchor] = href.split('#');
    let target = from;
    if (path !== '') {
      const full = posix.normalize(
        posix.join(path.startsWith('/') ? '' : posix.join(base, posix.dirname(from)), path),
      );
      if (!full.startsWith(base)) return 'it leaves the site';
      const file = await fileFor(folder, decodeURIComponent(full.slice(base.length)));
      if (!file) return 'no such page';
      target = file.slice(folder.length + 1).replaceAll('\\', '/');
    }
    if (anchor && !ids.get(target)?.has(decodeURIComponent(anchor))) return `no such place in ${target}`;
    return undefined;
  }
}

const idsOf = (html: string) => new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));

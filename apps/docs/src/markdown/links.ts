import { posix } from 'node:path';

import { WEB } from '../repository.js';
import { outsideCode } from './outside-code.js';

/**
 * A Markdown text of the repository with its relative links pointing to pages of the site where there are such, and else to the
 * repository on the web. Code stays as it is.
 *
 * @param text Markdown
 * @param file where it stands in the repository, with slashes
 * @param pages page of the site by file of the repository, such as `/packages/als` by `packages/als/README.md`
 */
export function withLinks(text: string, file: string, pages: ReadonlyMap<string, string>): string {
  return outsideCode(text, (part) =>
    part.replace(/\]\(([^)\s]+)\)/g, (_, target: string) => `](${siteLink(target, file, pages)})`),
  );
}

function siteLink(target: string, file: string, pages: ReadonlyMap<string, string>): string {
  if (/^([a-z]+:|#|\/)/i.test(target)) return target;
  const [path, anchor] = target.split('#');
  const full = posix.normalize(posix.join(posix.dirname(file), path)).replace(/\/$/, '');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const page = pages.get(full) ?? pages.get(`${full}/README.md`) ?? pages.get(`${full}${hash}`);
  if (page !== undefined) return page.includes('#') || pages.has(`${full}${hash}`) ? page : page + hash;
  return `${WEB}/blob/main/${full}${hash}`;
}

import { posix } from 'node:path';

import { asIs } from '../markdown/outside-code.js';

/** The id of a heading as GitHub makes it; the site is told to do the same. */
export const slugOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/**
 * The pages of TypeDoc, shorter and with links that hold.
 *
 * @param pages Markdown by file, relative to one folder, with slashes
 */
export function tidyApi(pages: ReadonlyMap<string, string>): Map<string, string> {
  const shorter = new Map([...pages].map(([file, text]) => [file, withoutParts(text)]));
  const ids = new Map([...shorter].map(([file, text]) => [file, idsOf(text)]));
  return new Map(
    [...shorter].map(([file, text]) => {
      const linked = text.replace(/\]\(([^()\s#]*)#([^()\s]+)\)/g, (_, path: string, anchor: string) => {
        const target = path === '' ? file : posix.join(posix.dirname(file), path);
        return `](${path}#${known(anchor, ids.get(target))})`;
      });
      return [file, asIs(linked)];
    }),
  );
}

/** TypeDoc has each key of a deep config as a parameter again, such as `baselines.als?`: they have a page of their own. */
const withoutParts = (text: string) => text.replace(/^#{4,6} [\w-]+\??\.[^\n]*\n(?:(?!#).*\n)*/gm, '');

/** An anchor that is there. TypeDoc counts some headings twice, and then names a number too many. */
function known(anchor: string, ids: ReadonlySet<string> | undefined): string {
  if (!ids || ids.has(anchor)) return anchor;
  const [, name, number] = /^(.*?)(?:-(\d+))?$/.exec(anchor)!;
  for (let n = Number(number ?? 0) - 1; n > 0; n--) if (ids.has(`${name}-${n}`)) return `${name}-${n}`;
  return ids.has(name) ? name : anchor;
}

function idsOf(text: string): Set<string> {
  const ids = new Set<string>();
  for (const [, heading] of text.matchAll(/^#{1,6} (.*)$/gm)) {
    const slug = slugOf(heading.replace(/[\\`]/g, ''));
    let id = slug;
    for (let n = 1; ids.has(id); n++) id = `${slug}-${n}`;
    ids.add(id);
  }
  return ids;
}

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkLinks } from '../src/check/links.js';
import { slugOf, tidyApi } from '../src/generate/tidy-api.js';
import { withLinks } from '../src/markdown/links.js';

const PAGES = new Map([
  ['packages/als/README.md', '/packages/als'],
  ['apps/bench/results/als.md', '/results/als'],
  ['CONTRIBUTING.md#glossary', '/reference/glossary'],
]);

test.each([
  ['[a](../als/README.md#limits)', '[a](/packages/als#limits)'],
  ['[a](../als)', '[a](/packages/als)'],
  ['[a](../../apps/bench/results/als.md)', '[a](/results/als)'],
  ['[a](../../CONTRIBUTING.md#glossary)', '[a](/reference/glossary)'],
  [
    '[a](../../CONTRIBUTING.md#tests)',
    '[a](https://github.com/towerkit/towerkit/blob/main/CONTRIBUTING.md#tests)',
  ],
  ['[a](https://example.org/x) [b](#here)', '[a](https://example.org/x) [b](#here)'],
  ['`[a](../als)`', '`[a](../als)`'],
])('%s of a README leads to %s', (text, expected) =>
  expect(withLinks(text, 'packages/core/README.md', PAGES)).toBe(expected),
);

test('a number too many in an anchor of TypeDoc is taken off, and no other', () => {
  const pages = new Map([
    [
      'a.md',
      '# a\n\n### Row\n\n[x](#row-1) [y](b.md#items-2) [z](#gone)\n\n<NA> of `T<x>`\n\n##### config.deep?\n\nmuch\n',
    ],
    ['b.md', '## Items\n\n## items\n'],
  ]);
  const text = tidyApi(pages).get('a.md')!;
  expect(text).toContain('[x](#row) [y](b.md#items-1) [z](#gone)\n\n&lt;NA> of `T<x>`');
  expect(text).not.toMatch(/deep|much/);
  expect(slugOf('What `a_b` is: (all)')).toBe('what-a_b-is-all');
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-site-'));
  await mkdir(join(folder, 'guides'));
  await writeFile(join(folder, 'index.html'), '<a href="/base/guides/a#there">a</a><a href="//x.org">x</a>');
  await writeFile(
    join(folder, 'guides/a.html'),
    '<h2 id="there">t</h2><a class="l" href="#gone">g</a><a href="./b.html">b</a><img src="/x.svg"><a href="../">h</a>',
  );
});
afterAll(() => rm(folder, { recursive: true }));

test('links of a site are followed to pages and to places in them', async () => {
  expect(await checkLinks(folder, '/base/')).toEqual({
    pages: 2,
    links: 5,
    problems: [
      'guides/a.html: #gone: no such place in guides/a.html',
      'guides/a.html: ./b.html: no such page',
      'guides/a.html: /x.svg: it leaves the site',
    ],
  });
});

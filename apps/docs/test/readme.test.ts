import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../src/repository.js';

const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
const [, section] = /^## Results\n([\s\S]*?)^## /m.exec(text)!;
const rows = [...section.matchAll(/^\| \[([^\]]+)\]\(([^)]+)\)(.*)$/gm)];

test.each(rows.map(([, what, file, rest]) => [what, file, rest]))(
  'the figures of "%s" are those of its file',
  (_, file, rest) => {
    const measured =
      readFileSync(join(ROOT, file), 'utf8') + readFileSync(join(ROOT, file, '../README.md'), 'utf8');
    const figures = rest.match(/(?<![\w@.])\.?\d[\d.,]*\d/g) ?? [];
    expect(figures.length).toBeGreaterThan(0);
    for (const figure of figures) expect(measured).toContain(figure);
  },
);

test('the README is one page', () => {
  expect(rows.length).toBeGreaterThan(5);
  expect(text.split('\n').length).toBeLessThan(130);
});

import { expect, test } from '@jest/globals';
import { CsrMatrix } from '@towerkit/core';

import { coldStartUsers } from '../src/measure/cold-start.js';
import { calibration } from '../src/measure/calibration.js';
import { variantsOf } from '../src/measure/variant.js';
import { htmlOf } from '../src/report/html.js';
import { markdownOf } from '../src/report/markdown.js';
import { table } from '../src/report/block.js';

test('calibration: ranges of the prediction that hold as many ratings each', () => {
  expect(calibration([3, 1, 2, 4], [4, 1, 3, 4], 2)).toEqual([
    { predicted: 1.5, actual: 2, ratings: 2 },
    { predicted: 3.5, actual: 4, ratings: 2 },
  ]);
  expect(calibration([2], [5])).toEqual([{ predicted: 2, actual: 5, ratings: 1 }]);
  expect(calibration([], [])).toEqual([]);
});

test('seeds of one config are one variant; names that two configs share say their folders', () => {
  const named = (folder: string, kind: string, name: string, recipe: Record<string, unknown>) => ({
    folder,
    manifest: { kind, name, recipe },
  });
  const variants = variantsOf([
    named('runs/a-s0', 'two-tower', 'a', { seed: 0, epochs: 3 }),
    named('runs/als', 'als', 'shop', { seed: 0 }),
    named('runs/a-s1', 'two-tower', 'a', { seed: 1, epochs: 3, threads: 2 }),
    named('other/b', 'two-tower', 'a', { seed: 1, epochs: 9 }),
  ]);
  expect(variants).toEqual([
    { label: 'a (a-s0)', members: [0, 2] },
    { label: 'als', members: [1] },
    { label: 'a (b)', members: [3] },
  ]);
});

test('two artifacts with the same seed are no seeds of one variant', () => {
  const one = { manifest: { kind: 'als', name: 'x', recipe: { seed: 0 } } };
  expect(
    variantsOf([
      { ...one, folder: 'p' },
      { ...one, folder: 'q' },
    ]).map(({ label }) => label),
  ).toEqual(['als (p)', 'als (q)']);
});

test('titles stay text, in HTML and in tables of Markdown', () => {
  const sections = [
    { id: 'x', title: 'X', blocks: [table('<b>', ['a|b', 'c'], [['<script>"&', '| * _x_ `']])] },
  ];
  const html = htmlOf('T', 'about', sections);
  expect(html).not.toMatch(/<script|<b>/);
  expect(html).toContain('&lt;script&gt;&quot;&amp;');
  expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  const rows = markdownOf('T', 'about', sections, 'figures')
    .split('\n')
    .filter((line) => line.startsWith('|'));
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(rows[0].match(/(?<!\\)\|/g)!.length);
});

test('the cold-start table asks for its users at the moments of their own questions', () => {
  const lengths = [4, 1, 3, 2, 5];
  const questions = {
    on: 'validation',
    histories: CsrMatrix.fromRows(
      lengths.map((length) => Int32Array.from({ length }, (_, item) => item)),
      6,
    ),
    targets: { indptr: Int32Array.of(0, 1, 2, 3, 4, 5), indices: Int32Array.of(5, 4, 3, 2, 1) },
    users: Int32Array.of(7, 8, 9, 10, 11),
    moments: { hour: ['6', '7', '8', '9', '10'], people: Float64Array.of(1, 2, 3, 4, 5) },
    ...{ unknownUsers: 0, unknownItems: { targets: 0, histories: 0 } },
  } as const;
  const { cuts, questions: asked } = coldStartUsers(questions, 1)!;
  expect(cuts).toEqual([3]);
  expect(Array.from(asked.users)).toEqual([7, 9, 11]);
  expect(asked.moments).toEqual({ hour: ['6', '8', '10'], people: Float64Array.of(1, 3, 5) });
});

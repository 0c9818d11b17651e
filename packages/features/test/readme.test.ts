import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const lines = (await runReadme(`${import.meta.dirname}/..`)).trim().split('\n');
  expect(lines).toEqual([
    '{ codes: Int32Array(3) [ 1, 2, 1 ], size: 3 }',
    "2 { brand: 'text', price: 'number' }",
    '0',
    'true',
  ]);
});

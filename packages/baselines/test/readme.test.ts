import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const out = await runReadme(`${import.meta.dirname}/..`);
  expect(out).toContain('popularity [ 0, 1 ]');
  expect(out).toContain('item-knn [ 4, 5 ]');
  expect(out).toMatch(/because of \[ \{ item: 3, weight: 0\.\d+ \} \]/);
  expect(out).toMatch(/RMSE \d\.\d\d/);
});

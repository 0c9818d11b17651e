import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const lines = (await runReadme(`${import.meta.dirname}/..`)).trim().split('\n');
  const [, tower] = /^two-tower: HR@3 (\d\.\d\d)/.exec(lines[0])!;
  const [, knn, p] = /^item-knn: HR@3 (\d\.\d\d) p (\d\.\d{4})$/.exec(lines[1])!;
  expect(Number(tower)).toBeGreaterThan(Number(knn)); // the order of the books matters, and only the tower reads it
  expect(Number(p)).toBeLessThan(0.05);
});

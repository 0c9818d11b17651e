import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const out = await runReadme(`${import.meta.dirname}/..`);
  expect(out).toContain('nearest to a farm with cows: Harvest valley: farm, cows and crops');
  expect(out).toMatch(/second run: \{ hits: 6, misses: 0 \}/);
  expect(out).toMatch(/before the third purchase: 0\.\d\d/);
});

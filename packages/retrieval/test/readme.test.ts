import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const out = await runReadme(`${import.meta.dirname}/..`);
  const prices = /^found 3, the prices are (.*)$/m.exec(out)![1].split(' ').map(Number);
  for (const price of prices) expect(price).toBeLessThan(10);
  expect(out).toContain('the nearest is 99, of 9999');
  expect(out).toContain('loaded: exact, 9999 items');
});

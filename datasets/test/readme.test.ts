import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const out = await runReadme(`${import.meta.dirname}/..`);
  expect(out).toMatch(/interactions of 4000 users/);
  expect(out).toMatch(/had: .+\nnext: .+ \(ideal rank \d+\)/);
});

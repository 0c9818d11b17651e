import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  expect(await runReadme(`${import.meta.dirname}/..`)).toBe('400.0\n67.9\nNaN 1 1\n');
});

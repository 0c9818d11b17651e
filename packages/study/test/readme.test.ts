import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const printed = await runReadme(`${import.meta.dirname}/..`);
  expect(printed).toMatch(/^\d+ readers # Recommenders of books\n$/);
});

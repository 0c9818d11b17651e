import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  expect(await runReadme(`${import.meta.dirname}/..`)).toContain('reader book day');
});

import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const lines = (await runReadme(`${import.meta.dirname}/..`)).trim().split('\n');
  expect(lines).toEqual([
    'item-knn The tea because of The mug',
    'item-knn The pan because of The mug',
    "[ 'mug', 'tea' ]",
  ]);
});

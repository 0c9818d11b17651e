import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const out = await runReadme(`${import.meta.dirname}/..`);
  const [, items] = /^for you: (.*)$/m.exec(out)!;
  const found = items.split(' ').map(Number);
  expect(found).toHaveLength(5);
  for (const item of found) expect(item).toBeLessThan(10);
  expect(out.match(/because of [123]: -?\d\.\d\d/g)).toHaveLength(3);
});

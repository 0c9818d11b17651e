import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const out = await runReadme(import.meta.dirname + '/..');
  expect(out).toContain('item 4: log q ');
  expect(out).toContain('masked (row, column): 0 1 1 0 2 0');
  expect(out).toContain(`each with log q ${(-Math.log(4)).toFixed(3)}`);
});

import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const out = await runReadme(import.meta.dirname + '/..');
  expect(out).toContain('computed by wasm');
  expect(out).toContain('row 42 after 100 steps: 1.00 1.00 1.00');
  expect(out).toContain('row 7 was not touched: 0 0 0');
});

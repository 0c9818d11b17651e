import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const out = await runReadme(import.meta.dirname + '/..');
  expect(out).toContain('user 0 had glove and scarf');
  expect(out).toContain('read back 3 x 2 values, seed 42');
  expect(out).toContain('BAD_SAFETENSORS - not a whole safetensors file');
});

import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

const folder = import.meta.dirname + '/..';

test('the README example runs', async () => {
  const out = await runReadme(folder);
  expect(out).toContain('user 0 had glove and scarf');
  expect(out).toContain('read back 3 x 2 values, seed 42');
  expect(out).toContain('BAD_SAFETENSORS - not a whole safetensors file');
});

test('the example of what was had often runs', async () => {
  expect(await runReadme(folder, { fence: 1 })).toBe('next: 2, 1, 3\n');
});

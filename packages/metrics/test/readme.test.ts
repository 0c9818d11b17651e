import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const out = await runReadme(import.meta.dirname + '/..');
  expect(out).toContain('[ 1, 3, 4 ] 1\n0\n');
  expect(out).toMatch(/value: 0\.33\d+,\s+low: 0\.06\d+,\s+high: 0\.79\d+,\s+users: 3/);
  expect(out).toMatch(/difference: 0\.44\d+,[^}]*p: 0\.26\d+,\s+users: 3,\s+method: 't'/);
  expect(out.trim().endsWith('0.6')).toBe(true);
});

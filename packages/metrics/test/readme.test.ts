import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const out = await runReadme(import.meta.dirname + '/..');
  expect(out).toContain('[ 1, 3 ] 1\n0\n');
  expect(out).toMatch(/value: 0\.5,\s+low: 0\.09\d+,\s+high: 0\.90\d+,\s+users: 2/);
  expect(out).toMatch(/difference: 0\.75,[^}]*method: 't'/);
  expect(out.trim().endsWith('0.4')).toBe(true);
});

import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

test('the README example runs', async () => {
  const out = await runReadme(import.meta.dirname + '/..');
  expect(out).toContain(`[ 'ann', 'bo' ] [ '0012', '0013', '0014' ]`);
  expect(out).toContain(`ann [ '0013' ] -> [ '0012' ]`);
  expect(out).toContain(`bo [ '0012' ] -> [ '0014' ]`);
  expect(out).toContain('unknownItems: 1');
});

import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';

const folder = import.meta.dirname + '/..';

test('the README example runs', async () => {
  const out = await runReadme(folder);
  expect(out).toContain(`[ 'ann', 'bo' ] [ '0012', '0013', '0014' ]`);
  expect(out).toContain(`ann [ '0013' ] -> [ '0012' ]`);
  expect(out).toContain(`bo [ '0012' ] -> [ '0014' ]`);
  expect(out).toContain('unknownItems: 1');
});

test('the example of targets runs', async () => {
  const out = await runReadme(folder, { fence: 1 });
  expect(out.trim().split('\n')).toEqual(['milk after 0', 'bread after 0', 'eggs after 2', 'tea after 2']);
});

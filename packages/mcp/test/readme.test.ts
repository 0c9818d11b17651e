import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';
import { join } from 'node:path';

import { folderOf } from './client.js';

test('the README example runs', async () => {
  const printed = await runReadme(join(import.meta.dirname, '..'), { env: { ARTIFACT: folderOf('tower') } });
  const [tools, answer] = printed.trim().split('\n');
  expect(tools).toBe('recommend similar search item explain');
  expect(JSON.parse(answer)).toMatchObject({ source: 'two-tower', items: { length: 3 } });
});

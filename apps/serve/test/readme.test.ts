import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';
import { join } from 'node:path';

import { artifact, scratch } from './setup/server.js';

test('the README example runs', async () => {
  const { folder, remove } = await scratch();
  const env = { ARTIFACT: artifact('tower'), EVENTS: join(folder, 'events.db') };
  expect(await runReadme(`${import.meta.dirname}/..`, { env })).toBe('3 items from a two-tower\n');
  await remove();
});

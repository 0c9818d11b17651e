import { expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';
import { join } from 'node:path';

import { scratch } from './setup/scratch.js';

test('the README example runs', async () => {
  const { folder, remove } = await scratch();
  const env = { EVENTS: join(folder, 'events.db') };
  expect(await runReadme(`${import.meta.dirname}/..`, { env })).toBe(
    [
      'history: hat, scarf; kept out: scarf',
      'shown: scarf (towers), hat (als), coat (towers)',
      'als: 1 of 1 won',
      'towers: 0 of 1 won',
      '',
    ].join('\n'),
  );
  await remove();
});

import { expect, test } from '@jest/globals';

import { Turns } from '../../src/internal.js';

test('work is done in the order of the calls, one after the other', async () => {
  const turns = new Turns();
  const log: string[] = [];
  const slow = turns.take(async () => {
    log.push('slow begins');
    await new Promise((resolve) => setTimeout(resolve, 10));
    log.push('slow ends');
    return 1;
  });
  const quick = turns.take(() => log.push('quick'));
  expect(await slow).toBe(1);
  await quick;
  expect(log).toEqual(['slow begins', 'slow ends', 'quick']);
});

test('work that fails fails by itself', async () => {
  const turns = new Turns();
  const failing = turns.take(() => {
    throw new Error('no');
  });
  const after = turns.take(() => 2);
  await expect(failing).rejects.toThrow('no');
  expect(await after).toBe(2);
});

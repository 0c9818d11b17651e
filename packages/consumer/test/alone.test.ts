import { expect, test } from '@jest/globals';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from './command.js';
import { installed } from './project.js';
import { names } from './tarballs.js';

test.each(names)('%s is enough by itself', async (name) => {
  const project = await installed([name]);
  try {
    expect(await run('node', ['use.mjs', name], project)).toBe(`${name} works\n`);
    expect(await run('node', ['use.cjs', name], project)).toBe(`${name} works\n`);
    if (name === '@towerkit/metrics')
      expect(await readdir(join(project, 'node_modules/@towerkit'))).toEqual(['metrics']);
  } finally {
    await rm(project, { recursive: true });
  }
});

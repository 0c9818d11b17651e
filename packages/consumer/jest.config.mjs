import { fileURLToPath } from 'node:url';

import { preset } from '@towerkit/workspace/jest';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

export default preset({
  globalSetup: here('./setup/pack.mjs'),
  globalTeardown: here('./setup/clean.mjs'),
  testTimeout: 300_000,
});

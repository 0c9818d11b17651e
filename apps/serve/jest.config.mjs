import { preset } from '@towerkit/workspace/jest';

// The tests wait for servers more than they compute.
export default preset({
  maxWorkers: 2,
  testTimeout: 300_000,
  globalSetup: '<rootDir>/test/setup/artifacts.mjs',
  globalTeardown: '<rootDir>/test/setup/clean.mjs',
});

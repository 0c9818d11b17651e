import { preset } from '@towerkit/workspace/jest';
import { createRequire } from 'node:module';

const shared = preset();
const retrieval = createRequire(new URL('../../packages/retrieval/package.json', import.meta.url));

// The tests wait for servers more than they compute.
export default preset({
  maxWorkers: 2,
  testTimeout: 300_000,
  globalSetup: '<rootDir>/test/setup/artifacts.mjs',
  globalTeardown: '<rootDir>/test/setup/clean.mjs',
  moduleNameMapper: {
    ...shared.moduleNameMapper,
    // What the client of Milvus writes Parquet with requires an ES module, which Node does and jest does not.
    '^uuid$': retrieval.resolve('uuid'),
  },
});

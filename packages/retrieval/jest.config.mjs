import { createRequire } from 'node:module';

import { preset } from '@towerkit/workspace/jest';

const shared = preset();

export default {
  ...shared,
  moduleNameMapper: {
    ...shared.moduleNameMapper,
    // What the client of Milvus writes Parquet with requires an ES module, which Node does and jest does not.
    '^uuid$': createRequire(import.meta.url).resolve('uuid'),
  },
};

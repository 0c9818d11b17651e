import { expect, test } from '@jest/globals';

import { createIndex } from '../../src/index.js';

test('without faiss-node: MISSING_DRIVER, and what to do', async () => {
  process.env.TOWERKIT_FAISS = '/no/such/folder';
  await expect(createIndex('faiss', { dimensions: 2 })).rejects.toMatchObject({
    code: 'MISSING_DRIVER',
    message: expect.stringContaining('/no/such/folder'),
    hint: expect.stringMatching(/npm install faiss-node@0\.5\.1.*build-faiss-node\.sh.*"hnsw"/),
    details: { package: 'faiss-node' },
  });
});

import type { Manifest } from './manifest.js';

export const esciJudgments: Manifest = {
  name: 'esci-judgments',
  title: 'Amazon Shopping Queries (ESCI), graded query-product judgments, US',
  homepage: 'https://github.com/amazon-science/esci-data',
  license: 'Apache-2.0',
  packaging:
    'Derived: 150 queries and 6,678 judged pairs as JSON, without titles; grades exact 100, substitute 10, ' +
    'complement 1, irrelevant 0. Checksums are of these files.',
  files: [
    { name: 'judgments.json.gz', sha256: '6822147809fbee5b3ec9e28d9795c5b17de514d62ea511d4620bc13fc4613c0d' },
    { name: 'queryset.json', sha256: '8a8079160f30a3c4e6df10bce1d8c37afd52b3a5a355940b25d18837bcf804b0' },
  ],
  protocol: 'Queries and graded products, no users: NDCG over the judged products of each query.',
};

import { createIndex } from '../src/index.js';
import { conformance } from './suite/conformance.js';

conformance('hnsw f32', { create: (options) => createIndex('hnsw', options), recall: 0.98 });
conformance('hnsw f16', {
  create: (options) => createIndex('hnsw', { ...options, precision: 'f16', ef: 96 }),
  recall: 0.98,
});

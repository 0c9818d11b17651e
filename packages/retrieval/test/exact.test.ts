import { createIndex } from '../src/index.js';
import { conformance } from './suite/conformance.js';

conformance('exact f32', { create: (options) => createIndex('exact', options), recall: 1 });
conformance('exact int8', {
  create: (options) => createIndex('exact', { ...options, scan: 'int8' }),
  recall: 0.999,
});

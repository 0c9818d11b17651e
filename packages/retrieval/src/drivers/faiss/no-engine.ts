import type { Engine } from '../../memory/engine.js';

/** In place of an index that there are too few vectors to train: it covers none, so that all are scanned. */
export const noEngine = (settings: Readonly<Record<string, unknown>>): Engine => ({
  covered: 0,
  exactScores: true,
  bytes: 0,
  settings,
  add: async () => {},
  search: () => NOTHING,
  searchBatch: ({ rows }) => Array.from({ length: rows }, () => NOTHING),
  save: async () => {},
  close: async () => {},
});

const NOTHING = { slots: new Int32Array(0), scores: new Float32Array(0) };

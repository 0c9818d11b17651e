import { defineConfig } from 'tsup';

/**
 * The one build of every package: ESM (`.js`) and CommonJS (`.cjs`), from the entry
 * points named. Dependencies stay external. Declarations are written apart, for all packages at once: `scripts/types.mjs`.
 *
 * @param {Record<string, string> | string[]} entry entry points, `src/index.ts` by default
 * @param {import('tsup').Options} options what a package needs beyond that
 */
export const preset = (entry = ['src/index.ts'], options = {}) =>
  defineConfig({
    entry,
    format: ['esm', 'cjs'],
    target: 'node20',
    sourcemap: false, // what is published is readable as it is, and maps were more than half of its size
    clean: true,
    shims: true,
    splitting: true,
    ...options,
  });

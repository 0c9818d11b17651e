import { fileURLToPath } from 'node:url';

/** Files that `npm test` leaves to the full tier: what takes long and is rarely broken. */
const LONG = '\\.long\\.test\\.ts$';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * The one test configuration: TypeScript through esbuild, native ES modules, and an environment in which
 * native modules recognise typed arrays.
 *
 * @param {import('jest').Config} options what a package needs beyond that
 */
export const preset = (options = {}) => ({
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.TOWERKIT_TIER === 'quick' ? [LONG] : [])],
  testEnvironment: here('./jest-environment.cjs'),
  setupFiles: [here('./jest-quiet.cjs')],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '\\.ts$': here('./jest-transform.cjs') },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  testTimeout: 180_000,
  ...options,
});

import { createRequire } from 'node:module';

const NAMES = [
  'towerkit',
  '@towerkit/als',
  '@towerkit/baselines',
  '@towerkit/core',
  '@towerkit/data',
  '@towerkit/datasets',
  '@towerkit/engine',
  '@towerkit/metrics',
  '@towerkit/retrieval',
  '@towerkit/sampling',
  '@towerkit/text',
  '@towerkit/towers',
  '@towerkit/training',
  '@tensorflow/tfjs',
];

/** Versions of the packages in use, and of Node. */
export function packageVersions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const versions = NAMES.map((name) => {
    const { version } = require(`${name}/package.json`) as { version: string };
    return [name, version];
  });
  return { ...Object.fromEntries(versions), node: process.versions.node };
}

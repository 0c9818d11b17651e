import { createRequire } from 'node:module';

const NAMES = [
  '@towerkit/als',
  '@towerkit/artifact',
  '@towerkit/baselines',
  '@towerkit/core',
  '@towerkit/data',
  '@towerkit/datasets',
  '@towerkit/engine',
  '@towerkit/features',
  '@towerkit/hybrid',
  '@towerkit/metrics',
  '@towerkit/pipeline',
  '@towerkit/recommend',
  '@towerkit/retrieval',
  '@towerkit/sampling',
  '@towerkit/search',
  '@towerkit/text',
  '@towerkit/towers',
  '@towerkit/training',
  '@tensorflow/tfjs-core',
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

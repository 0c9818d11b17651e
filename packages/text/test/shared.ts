import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of shared models and data sets: TOWERKIT_SHARED, or `shared` beside a folder above. */
export function sharedFolder(): string | undefined {
  if (process.env.TOWERKIT_SHARED) return process.env.TOWERKIT_SHARED;
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(dirname(folder), 'shared', 'datasets'))) return join(dirname(folder), 'shared');
  return undefined;
}

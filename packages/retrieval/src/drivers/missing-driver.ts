import { TowerkitError } from '@towerkit/core';

/**
 * Imports an optional package.
 *
 * @param load `() => import('usearch')`
 * @throws TowerkitError `MISSING_DRIVER` with the command that installs it, where it is not installed or does not load
 */
export async function optionalPackage<T>(name: string, version: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new TowerkitError('MISSING_DRIVER', `the package ${name} is not installed, or does not load here`, {
      hint: `npm install ${name}@${version}, or use the driver "exact"`,
      details: { package: name },
      cause,
    });
  }
}

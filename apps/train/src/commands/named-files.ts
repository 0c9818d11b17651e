import { TowerkitError } from '@towerkit/core';

/**
 * Files by name, from what was given as `name=file` each time.
 *
 * @throws TowerkitError `BAD_USAGE` for anything else, and for a name that comes twice
 */
export function namedFiles(flag: string, given: readonly string[]): Readonly<Record<string, string>> {
  const files = new Map<string, string>();
  for (const pair of given) {
    const [, name, file] = /^([^=]+)=([^]+)$/.exec(pair) ?? [];
    if (name === undefined || file === undefined)
      throw new TowerkitError('BAD_USAGE', `${flag}: ${JSON.stringify(pair)} is no NAME=FILE`);
    if (files.has(name)) throw new TowerkitError('BAD_USAGE', `${flag} names two files of ${name}`);
    files.set(name, file);
  }
  return Object.fromEntries(files);
}

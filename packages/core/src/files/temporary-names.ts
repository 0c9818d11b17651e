import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { isRunning, THIS_PROCESS, type ProcessIdentity } from './process-identity.js';

/**
 * What lies beside a file or folder while it is written: `tmp` the new one, `old` a folder that the new one takes the place
 * of, `lock` a lock that is not yet in place, `stale` one that was taken out of it.
 */
export type TemporaryKind = 'tmp' | 'old' | 'lock' | 'stale';

/** A temporary file or folder that was found. */
export interface Temporary {
  readonly path: string;
  readonly kind: TemporaryKind;
  readonly writer: ProcessIdentity;
}

const PATTERN = /\.(\d{1,10})-([0-9a-f]*)-([0-9a-f]{8})-[0-9a-f]{8}\.(tmp|old|lock|stale)$/;

/** The beginning of the names beside a target: its own name, or a digest of one that would leave no room for the rest. */
export function prefixOf(target: string): string {
  const name = basename(target);
  const fits = Buffer.byteLength(name) <= 150;
  return `.${fits ? name : createHash('sha256').update(name).digest('hex')}`;
}

/** A new temporary name beside a target, which says whose it is: `.<name>.<pid>-<start>-<host>-<random>.<kind>`. */
export function temporaryName(target: string, kind: TemporaryKind): string {
  const { pid, started, host } = THIS_PROCESS;
  const tag = `${pid}-${started}-${host}-${randomBytes(4).toString('hex')}`;
  return join(dirname(target), `${prefixOf(target)}.${tag}.${kind}`);
}

/** The temporary files and folders in a folder, of the targets wanted; none where it cannot be listed. */
export async function temporariesIn(
  folder: string,
  wanted: (prefix: string) => boolean,
): Promise<Temporary[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.flatMap((name) => {
    const found = PATTERN.exec(name);
    if (!found || !wanted(name.slice(0, found.index))) return [];
    const [, pid, started, host, kind] = found;
    const writer = { pid: Number(pid), started, host };
    return [{ path: join(folder, name), kind: kind as TemporaryKind, writer }];
  });
}

/** Those beside one target. */
export const temporariesOf = (target: string): Promise<Temporary[]> =>
  temporariesIn(dirname(target), (prefix) => prefix === prefixOf(target));

/** Whether the writer of a temporary file is known to be gone. */
export const isAbandoned = ({ writer }: Temporary): boolean => isRunning(writer) === false;

import { TowerkitError } from '../errors.js';
import type { ProcessIdentity } from './process-identity.js';

/** Who holds a lock, as its file says. */
export interface LockOwner extends ProcessIdentity {
  readonly hostname: string;
  /** What it runs, without arguments. */
  readonly command: string;
  /** When it took the lock, in ISO 8601. */
  readonly since: string;
  /** Tells locks of one owner apart. */
  readonly token: string;
}

export const printOwner = ({ pid, ...rest }: LockOwner): string => `${JSON.stringify({ pid, ...rest })}\n`;

const TEXTS = ['started', 'host', 'hostname', 'command', 'since', 'token'] as const;

/** The owner that the text of a lock names; `undefined` for one that is not written to its end, or no lock. */
export function ownerOf(text: string): LockOwner | undefined {
  try {
    const owner = JSON.parse(text) as LockOwner;
    const { pid } = owner;
    const whole =
      Number.isSafeInteger(pid) && pid > 0 && TEXTS.every((name) => typeof owner[name] === 'string');
    return whole ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** The error of a folder that somebody else writes. */
export function lockedBy(owner: LockOwner | undefined, path: string, lock: string): TowerkitError {
  const plain = (text: string) => text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 100); // another process wrote it
  const who = owner
    ? `process ${owner.pid} on ${plain(owner.hostname)} (${plain(owner.command)}) since ${plain(owner.since)}`
    : 'another process';
  return new TowerkitError('LOCKED', `${path} is being written by ${who}`, {
    hint: `try again when it has ended; if it does not run any more, remove ${lock}`,
    details: {
      path,
      lock,
      ...(owner && { pid: owner.pid, host: owner.hostname, command: owner.command, since: owner.since }),
    },
  });
}

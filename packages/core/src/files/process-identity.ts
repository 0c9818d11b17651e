import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';

/** Names a process so that others can tell later, on the same host, whether it still runs. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Digest of its start, which a later process with the same number does not share; empty where the system does not say when one started. */
  readonly started: string;
  /** Digest of the host and, on Linux, of the namespace that its number is of: another container counts its own. */
  readonly host: string;
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);

const read = <T>(look: () => T): T | undefined => {
  try {
    return look();
  } catch {
    return undefined;
  }
};

/** State and start of a process as Linux tells them; `undefined` elsewhere. The name before may hold blanks and brackets. */
function status(pid: number): { state: string; started: string } | undefined {
  const text = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const [state, ...fields] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  return state && fields[18] ? { state, started: digest(`${boot} ${fields[18]}`) } : undefined;
}

/** This process. */
export const THIS_PROCESS: ProcessIdentity = {
  pid: process.pid,
  started: status(process.pid)?.started ?? '',
  host: digest(`${hostname()} ${read(() => readlinkSync('/proc/self/ns/pid')) ?? ''}`),
};

/** Whether a process still runs: `true`, `false`, or `undefined` for one on another host or in another container. */
export function isRunning({ pid, started, host }: ProcessIdentity): boolean | undefined {
  if (host !== THIS_PROCESS.host) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false; // EPERM: it runs, as somebody else
  }
  const now = status(pid);
  if (now === undefined || started === '') return true;
  return now.started === started && now.state !== 'Z' && now.state !== 'X'; // killed, and not yet waited for
}

/** What this process was started as, without arguments: those may hold a password. */
export function commandName(): string {
  const [, script = 'node', first = ''] = process.argv;
  return [basename(script), ...(/^[a-z][a-z-]*$/.test(first) ? [first] : [])].join(' ');
}

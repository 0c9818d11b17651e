import type { StoreFailure, StoreFaultReason } from './store-errors.js';

/** By SQLSTATE, or by the first two characters of one. */
const REASON: Readonly<Record<string, StoreFaultReason>> = {
  '25006': 'read-only',
  '28': 'refused',
  '3D': 'missing',
  '42501': 'refused',
  '42P01': 'missing',
  '40': 'locked',
  '53100': 'full',
  '53': 'unreachable',
  '55': 'locked',
  '57014': 'locked',
  '57': 'unreachable',
  '08': 'unreachable',
  XX: 'damaged',
};

/** What an error of PostgreSQL or of its client means. Passwords do not occur in what it says. */
export function failureOf(error: unknown, secrets: readonly string[]): StoreFailure {
  const {
    code = '',
    syscall,
    message,
    errors,
  } = (error ?? {}) as {
    code?: string;
    syscall?: string;
    message?: string;
    errors?: readonly Error[]; // of each address of a host
  };
  const said = message || errors?.map((one) => one.message).join('; ') || String(error);
  const isState = /^[0-9A-Z]{5}$/.test(code);
  let reason: StoreFaultReason = 'unreachable';
  if (isState) reason = REASON[code] ?? REASON[code.slice(0, 2)] ?? 'failing';
  // A file with a password or a certificate that cannot be read, or no password at all.
  else if (syscall === 'open' || syscall === 'read' || /password must be a string/.test(said))
    reason = 'refused';
  return {
    reason,
    said: secrets.reduce((text, secret) => text.replaceAll(secret, '***'), said),
  };
}

/** Whether doing the same again may succeed at once: another server wrote the same rows in another order. */
export const isDeadlock = (error: unknown): boolean =>
  ['40P01', '40001'].includes(String((error as { code?: unknown } | undefined)?.code));

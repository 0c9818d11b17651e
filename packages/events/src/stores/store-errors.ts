import { TowerkitError } from '../errors.js';

/** Why a store does not work, as an operator would tell the cases apart: what it is, and what to do. */
const REASONS = {
  absent: ['there is no store', 'see whether the path is right'],
  missing: ['it was removed', 'put it back, or restart the server for an empty one'],
  replaced: [
    'another file is in its place',
    'restart the server if the new one does not take over by itself',
  ],
  truncated: ['its file was cut short', 'stop the server, then put a backup in its place'],
  damaged: ['its file is damaged', 'stop the server, then put a backup in its place'],
  full: ['the disk is full', 'make room; `towerkit events prune` removes old events'],
  'read-only': ['it cannot be written', 'give the server the right to write it'],
  locked: ['somebody else holds it locked', 'see who: a backup, a shell with an open transaction'],
  unreachable: ['the database cannot be reached', 'see whether it runs and whether its address is right'],
  refused: ['the database refuses the server', 'see whether user, password and rights are right'],
  failing: ['it cannot be read or written', 'the log says more'],
  newer: ['it was written by a newer version', 'update @towerkit/events'],
} as const;

/** Why a store does not work. */
export type StoreFaultReason = keyof typeof REASONS;

/** What is known of a failure. */
export interface StoreFailure {
  readonly reason: StoreFaultReason;
  /** The store's own words, which may name hosts, users and paths. */
  readonly said: string;
}

/**
 * A store that does not work. The message may be shown to anybody; where the store is and what it said itself are in
 * `details` (`reason`, `place`, `said`), for a log.
 */
export function unavailable({ reason, said }: StoreFailure, place: string, cause?: unknown): TowerkitError {
  const [what, hint] = REASONS[reason];
  return new TowerkitError('STORE_UNAVAILABLE', `the event store does not work: ${what}`, {
    hint,
    details: { reason, place, said },
    cause,
  });
}

/** The same to somebody who opens a store, and knows its place. */
export function cannotOpen({ reason, said }: StoreFailure, place: string, cause?: unknown): TowerkitError {
  const [what, hint] = REASONS[reason];
  return new TowerkitError('STORE_UNAVAILABLE', `${place}: ${what}${said === '' ? '' : ` (${said})`}`, {
    hint,
    details: { reason, place, said },
    cause,
  });
}

/** @param limit bytes */
export const storeFull = (limit: number, place: string) =>
  new TowerkitError('STORE_FULL', 'the event store holds as much as it may', {
    hint: 'shorten the retention, remove old events with `towerkit events prune`, or raise the limit',
    details: { limit, place },
  });

import type fc from 'fast-check';

import type { Fixtures } from '../fixtures/fixtures.js';

/** What can be wrong with what came of a case. */
export type FaultKind =
  /** The process ended. */
  | 'crash'
  /** No answer within the limit. */
  | 'hang'
  /** An error without a documented code, or a status that is not documented. */
  | 'undocumented'
  /** An answer, but not the right one. */
  | 'wrong'
  /** Far more memory than the input is worth. */
  | 'memory'
  /** Files that should not be there. */
  | 'leftover';

/** What is wrong with what came of a case. */
export interface Fault {
  readonly kind: FaultKind;
  /** The same for cases that show the same fault. */
  readonly signature: string;
  /** What happened, for whoever mends it. */
  readonly detail: string;
}

/** A target that is ready for cases. */
export interface Running<Case> {
  /** Tries one case. @returns what is wrong, if anything is */
  try(tried: Case): Promise<Fault | undefined>;
  /** Resident bytes of what is tried, after garbage was collected; `undefined` where there is no process that stays. */
  memory(): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Something that is tried on generated cases. */
export interface Target<Case = unknown> {
  readonly name: string;
  /** Names of the artifacts it needs. */
  readonly artifacts: readonly string[];
  cases(fixtures: Fixtures): Promise<fc.Arbitrary<Case>> | fc.Arbitrary<Case>;
  /** @param folder one of its own, removed afterwards */
  open(fixtures: Fixtures, folder: string): Promise<Running<Case>>;
}

/** A signature from a text: what differs from case to case is left out. */
export const signatureOf = (text: string): string =>
  text
    .split('\n')[0]
    .replace(/"(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`/g, '…')
    .replace(/(?:\.{0,2}\/)[^\s:]+/g, '/…')
    .replace(/[-+]?\d[\d.,e+-]*/g, '#')
    .replace(/[^\x20-\x7e…]+/g, '?')
    .slice(0, 160);

import type { LogFacts } from './facts/log-facts.js';
import type { LogGuess } from './guess/choose-log.js';
import type { Join } from './guess/joins.js';
import type { LogColumns } from './guess/log-columns.js';
import type { SideColumn } from './guess/side-columns.js';
import type { ProfiledFile } from './guess/tables.js';
import type { Joined } from './join/joined.js';
import type { ColumnProfile } from './profile/column-profile.js';

/** Something about the data that leads models astray. */
export interface Trap {
  /** What sort of thing it is, for programs. */
  readonly id: string;
  /** What was seen. */
  readonly what: string;
  /** What to do about it. */
  readonly advice: string;
}

/** A table of items or of users. */
export interface SideTable {
  readonly file: ProfiledFile;
  readonly key: ColumnProfile;
  /** How the log's ids are found in it; absent where it is the log itself. */
  readonly join?: Join;
  /** Whether it is the log, whose rows say of each item, or user, what is known of it. */
  readonly log: boolean;
  /** Rows whose id stood before. */
  readonly duplicates: number;
  readonly columns: readonly SideColumn[];
}

/** A file that nothing is read from. */
export interface UnusedFile {
  readonly file: ProfiledFile;
  readonly why: string;
}

/** What files hold. */
export interface Inspection {
  readonly files: readonly ProfiledFile[];
  /** The interactions; absent where no file has any. */
  readonly log?: LogGuess;
  readonly columns?: LogColumns;
  readonly catalog?: SideTable;
  readonly users?: SideTable;
  readonly unused: readonly UnusedFile[];
  readonly facts?: LogFacts;
  readonly traps: readonly Trap[];
  /** Files of the log's form with rows that were held back, by their names. */
  readonly heldBack?: HeldBack;
  /** What the log was made of, where no file holds it as it is. */
  readonly joined?: Joined;
  /** Files that should belong to the log and share no id with it. */
  readonly apart: readonly Apart[];
}

/** Logs that a set comes split into, beside the one to train on. */
export interface HeldBack {
  readonly validation: ProfiledFile;
  readonly test?: ProfiledFile;
}

/** A file that shares nothing with the log, and what its ids look like beside the log's. */
export interface Apart {
  readonly file: ProfiledFile;
  readonly what: 'log' | 'items' | 'users';
  readonly theirs: string;
  readonly ours: string;
}

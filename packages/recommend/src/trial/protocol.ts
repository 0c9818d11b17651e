import type { VerifiedArtifact } from '@towerkit/artifact';

import type { Failure } from '../engine/question.js';
import type { IndexConnections } from '../index/open-index.js';

/** What the process that tries an artifact is to do. */
export interface TrialTask {
  /** The artifact, or a link to it. */
  readonly folder: string;
  /** The copy to make of it. */
  readonly copy: string;
  /** Folder of local text models; the hub when absent. */
  readonly models?: string;
  /** How to connect to a database that holds the artifact's index. */
  readonly index?: IndexConnections;
  /** Bytes of memory it may take. */
  readonly memory: number;
}

/** A piece of a column. */
export interface Piece {
  readonly column: string;
  /** Values of the whole column. */
  readonly length: number;
  /** The next of them. */
  readonly values: readonly unknown[] | Int32Array | Float32Array | Float64Array;
}

/** What it says: the columns, at last one of the two ends. */
export type TrialMessage =
  | Piece
  | { readonly tried: { readonly artifact: VerifiedArtifact; readonly recall: number } }
  | { readonly failure: Failure };

/** What the watchdog of such a process is started with. */
export interface WatchdogData {
  readonly memory: number;
  /** Id of the process that wants to know. */
  readonly parent: number;
  /** What it writes before it ends a process that is too large. */
  readonly lastWord: string;
}

/** The last that a process says which took too much memory. */
export const TOO_LARGE = 'TOO_LARGE';

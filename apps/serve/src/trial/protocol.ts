import type { VerifiedArtifact } from '@towerkit/artifact';
import type { Failure, IndexConnections } from '@towerkit/recommend';

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

/** A piece of a column: values in order. */
export interface Piece {
  readonly column: string;
  readonly values: readonly unknown[] | Int32Array | Float32Array | Float64Array;
}

/** What it says: first that the copy is whole, then the columns, at last one of the two ends. */
export type TrialMessage =
  | { readonly whole: true }
  | Piece
  | { readonly tried: { readonly artifact: VerifiedArtifact; readonly recall: number } }
  | { readonly failure: Failure };

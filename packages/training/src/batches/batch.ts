/** The sizes that a bucket's batches are padded to. */
export interface BatchShape {
  /** Places per sequence. */
  readonly steps: number;
  /** Sequences. */
  readonly batch: number;
  /** Positions that predict. */
  readonly positions: number;
  /** Candidate items: targets and negatives, and one column that is always padding. */
  readonly candidates: number;
  /** Distinct items, the candidates first; the last row is always padding. */
  readonly rows: number;
  /** Whether there are sequences of which nothing is known yet. */
  readonly unknown: boolean;
  /** Whether positions come with an item that their user dislikes. */
  readonly dislikes: boolean;
  /** Hard negatives of each position; 0 for none. */
  readonly hard: number;
  /** Whether the candidates are all items, item i in column i. */
  readonly whole: boolean;
}

/** One batch as the step wants it, padded to its bucket's shape. Names follow the step's inputs. */
export interface Batch {
  /** Bucket whose graph it goes through. */
  readonly bucket: number;
  /** Distinct items, the candidates first; behind `itemCount` of them padding: [rows]. */
  readonly items: Int32Array;
  readonly itemCount: number;
  /** Users, one per sequence; behind `userCount` of them padding: [batch]. */
  readonly users: Int32Array;
  readonly userCount: number;
  /** Positions that predict (examples). */
  readonly examples: number;
  readonly history: Int32Array;
  readonly positions: Int32Array;
  readonly positionUser: Int32Array;
  readonly positives: Int32Array;
  readonly seen: Float32Array;
  readonly weight: Float32Array;
  readonly logQ: Float32Array;
  /** Log q of each position's own target, to which its own sequence does not count: [positions]. */
  readonly targetLogQ: Float32Array;
  /** (row, column) pairs, flat: [2 * pairs]. */
  readonly masked: Int32Array;
  readonly rating?: Float32Array;
  /** Row of each position's moment: [positions]. */
  readonly moments?: Int32Array;
  /** Row of an item that each position's user dislikes; -1 where there is none: [positions]. */
  readonly disliked?: Int32Array;
  /** Row of each position's hard negatives: [positions * hard]. */
  readonly hard?: Int32Array;
  /** 0, or a very negative number for a place without one: [positions * hard]. */
  readonly hardOffsets?: Float32Array;
  /** 0 for sequences without items, 1 for the others: [batch]. */
  readonly known?: Float32Array;
}

/** What a worker may transfer rather than copy. */
export const batchBuffers = (batch: Batch): ArrayBuffer[] =>
  Object.values(batch).flatMap((value: unknown) =>
    ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : [],
  );

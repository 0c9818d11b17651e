/** The codes of the errors that this package throws itself; its README says when. */
export type ErrorCode =
  | 'BAD_OPTION'
  | 'BAD_SPEC'
  | 'BAD_WEIGHTS'
  | 'CAPACITY'
  | 'NO_NEGATIVES'
  | 'OUT_OF_RANGE'
  | 'SHAPE_MISMATCH'
  | 'ZERO_PROBABILITY';

/** The codes of the errors that this package throws itself; its README says when. */
export type ErrorCode =
  | 'BAD_CHECKPOINT'
  | 'BAD_DATA'
  | 'BAD_OPTION'
  | 'BAD_TOWER'
  | 'EMPTY_DATA'
  | 'LOSS_NOT_FINITE'
  | 'MISSING_FEATURE'
  | 'NOT_CAUSAL'
  | 'NO_RATINGS'
  | 'NO_TEACHER'
  | 'OTHER_RUN'
  | 'OUT_OF_RANGE'
  | 'SHAPE_MISMATCH'
  | 'THREAD_ENDED'
  | 'TOO_LARGE'
  | 'UNKNOWN_METRIC'
  | 'UNKNOWN_TABLE';

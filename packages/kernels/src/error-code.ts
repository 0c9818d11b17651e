/** The `code` of every `TowerkitError` of the kernels and their internal entry; the README says when each is thrown. */
export type ErrorCode =
  | 'BAD_OPTION'
  | 'CLOSED'
  | 'FOREIGN_ARRAY'
  | 'OUT_OF_RANGE'
  | 'SHAPE_MISMATCH'
  | 'THREAD_ENDED'
  | 'TOO_LARGE'
  | 'UNSUPPORTED';

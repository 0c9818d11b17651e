/** The `code` of every `TowerkitError` of ALS; the README says when each is thrown. */
export type ErrorCode =
  | 'BAD_MODEL'
  | 'BAD_OPTION'
  | 'BAD_VALUE'
  | 'CLOSED'
  | 'EMPTY_DATA'
  | 'MODEL_NOT_FOUND'
  | 'NOT_FITTED'
  | 'OUT_OF_RANGE'
  | 'SHAPE_MISMATCH'
  | 'TOO_LARGE'
  | 'UNSUPPORTED'
  | 'UNWRITABLE';

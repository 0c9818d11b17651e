/** The `code` of every `TowerkitError` of the baselines; the README says when each is thrown. */
export type ErrorCode =
  | 'BAD_MODEL'
  | 'BAD_OPTION'
  | 'BAD_VALUE'
  | 'CLOSED'
  | 'DIVERGED'
  | 'EMPTY_DATA'
  | 'MODEL_NOT_FOUND'
  | 'NOT_FITTED'
  | 'NOT_POSITIVE_DEFINITE'
  | 'OUT_OF_RANGE'
  | 'SHAPE_MISMATCH'
  | 'TOO_LARGE'
  | 'UNSUPPORTED'
  | 'UNWRITABLE';

/** The `code` of every `TowerkitError` of the text encoders, their cache and the running means; the README says when each is thrown. */
export type ErrorCode =
  | 'BAD_CACHE'
  | 'BAD_MODEL'
  | 'BAD_OPTION'
  | 'BAD_ORDER'
  | 'BAD_TEXT'
  | 'BAD_VALUE'
  | 'EMPTY_DATA'
  | 'MISSING_PACKAGE'
  | 'MODEL_NOT_FOUND'
  | 'MODEL_UNAVAILABLE'
  | 'SHAPE_MISMATCH'
  | 'TOO_LARGE'
  | 'UNSUPPORTED'
  | 'UNWRITABLE';

/** The codes of the errors that this package throws itself; its README says when. */
export type ErrorCode =
  | 'BAD_CONFIG'
  | 'BAD_OPTION'
  | 'BAD_REQUEST'
  | 'CANNOT_LISTEN'
  | 'LOW_RECALL'
  | 'NOT_READY'
  | 'OVERLOADED'
  | 'RATE_LIMITED'
  | 'TIMEOUT'
  | 'TOO_LARGE'
  | 'UNAUTHORIZED'
  | 'UNAVAILABLE'
  | 'UNKNOWN_HOST'
  | 'UNKNOWN_ITEM'
  | 'UNKNOWN_MODEL';

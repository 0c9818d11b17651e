import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws itself, `BAD_ARTIFACT` through `badArtifact` too; the README says when. */
export type ErrorCode =
  | 'BAD_ANSWER'
  | 'BAD_ARTIFACT'
  | 'BAD_CONTEXT'
  | 'BAD_FEATURE'
  | 'BAD_FILE'
  | 'BAD_OPTION'
  | 'EMPTY_TEXT'
  | 'FILE_NOT_FOUND'
  | 'MISSING_CONTEXT'
  | 'NO_CONTENT'
  | 'NO_CONTEXT'
  | 'NO_PLACES'
  | 'NO_USERS'
  | 'NO_VECTORS'
  | 'OVERLOADED'
  | 'SHAPE_MISMATCH'
  | 'TIMEOUT'
  | 'TOO_LARGE'
  | 'UNAVAILABLE'
  | 'UNKNOWN_CONTEXT'
  | 'UNKNOWN_FEATURE'
  | 'UNKNOWN_ITEM'
  | 'UNKNOWN_USER';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;

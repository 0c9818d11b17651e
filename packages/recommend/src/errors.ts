import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws itself, `BAD_ARTIFACT` through `badArtifact` too; the README says when. */
export type ErrorCode =
  | 'BAD_ARTIFACT'
  | 'BAD_FEATURE'
  | 'BAD_OPTION'
  | 'EMPTY_TEXT'
  | 'NO_CONTENT'
  | 'NO_USERS'
  | 'NO_VECTORS'
  | 'OVERLOADED'
  | 'SHAPE_MISMATCH'
  | 'TOO_LARGE'
  | 'UNAVAILABLE'
  | 'UNKNOWN_FEATURE'
  | 'UNKNOWN_ITEM'
  | 'UNKNOWN_USER';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;

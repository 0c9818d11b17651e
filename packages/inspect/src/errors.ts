import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws itself; the README says when. */
export type ErrorCode =
  | 'BAD_FILE'
  | 'BAD_OPTION'
  | 'EMPTY_DATA'
  | 'FILE_NOT_FOUND'
  | 'FOLDER_IN_USE'
  | 'MISSING_COLUMN'
  | 'NO_DATA'
  | 'NO_OVERLAP'
  | 'UNKNOWN_FORMAT';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;

import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws itself, `BAD_ARTIFACT` through `badArtifact`; the README says when. */
export type ErrorCode =
  | 'BAD_ARTIFACT'
  | 'BAD_CONFIG'
  | 'BAD_OPTION'
  | 'EMPTY_DATA'
  | 'FILE_NOT_FOUND'
  | 'FOLDER_IN_USE'
  | 'KNOWN_ITEM'
  | 'LOCKED'
  | 'NO_DATA'
  | 'NO_OVERLAP'
  | 'NO_PLACES'
  | 'NO_RATINGS'
  | 'NO_TARGETS'
  | 'NO_VECTORS'
  | 'OTHER_DATA'
  | 'OTHER_MODEL'
  | 'SHAPE_MISMATCH'
  | 'UNKNOWN_DATASET'
  | 'UNKNOWN_KIND'
  | 'UNWRITABLE';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;

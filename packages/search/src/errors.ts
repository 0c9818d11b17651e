import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws itself, `BAD_ARTIFACT` through `badArtifact` too; the README says when. */
export type ErrorCode =
  | 'BAD_ARTIFACT'
  | 'BAD_LABEL'
  | 'BAD_OPTION'
  | 'BAD_VALUE'
  | 'EMPTY_DATA'
  | 'EMPTY_SPLIT'
  | 'EMPTY_TEXT'
  | 'MISSING_COLUMN'
  | 'NO_CONTENT'
  | 'NO_JUDGMENTS'
  | 'SHAPE_MISMATCH';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;

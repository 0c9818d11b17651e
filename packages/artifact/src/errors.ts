import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws itself; the README says when. */
export type ErrorCode =
  'ARTIFACT_CHANGED' | 'ARTIFACT_NOT_FOUND' | 'BAD_ARTIFACT' | 'FOLDER_IN_USE' | 'LOCKED' | 'UNWRITABLE';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;

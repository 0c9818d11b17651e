import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws; the README says when. */
export type ErrorCode =
  | 'ARTIFACT_NOT_FOUND'
  | 'BAD_ARTIFACT'
  | 'BAD_OPTION'
  | 'CLOSED'
  | 'FOLDER_IN_USE'
  | 'MISSING_PACKAGE'
  | 'NEWER_ARTIFACT'
  | 'NO_CORS'
  | 'NO_RUNTIME'
  | 'OTHER_MODEL'
  | 'UNAVAILABLE'
  | 'UNKNOWN_ITEM'
  | 'UNSUPPORTED';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;

/** The error of an artifact that is not whole. */
export const badArtifact = (base: string, what: string, cause?: unknown): TowerkitError =>
  new TowerkitError('BAD_ARTIFACT', `${base} is not a whole artifact: ${what}`, {
    hint: 'upload the folder again, and its manifest.json last',
    details: { url: base },
    cause,
  });

import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws or answers with itself; the README says when. */
export type ErrorCode = 'BAD_OPTION' | 'BAD_REQUEST' | 'CANNOT_LISTEN' | 'UNKNOWN_ITEM';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;

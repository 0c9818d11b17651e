import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws itself; the README says when. */
export type ErrorCode = 'BAD_VALUE' | 'EMPTY_DATA' | 'MISSING_COLUMN' | 'OTHER_ENCODER' | 'SHAPE_MISMATCH';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;

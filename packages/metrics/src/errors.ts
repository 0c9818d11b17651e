import { TowerkitError as AnyError } from './towerkit-error.js';

/** The codes of the errors that this package throws; the README says when. */
export type ErrorCode =
  | 'BAD_COUNTS'
  | 'BAD_GAIN'
  | 'BAD_ITEM'
  | 'BAD_K'
  | 'BAD_METRIC'
  | 'BAD_OPTION'
  | 'BAD_SEED'
  | 'BAD_USER'
  | 'DUPLICATE_ITEM'
  | 'DUPLICATE_USER'
  | 'NON_FINITE_SCORE'
  | 'NON_FINITE_VALUE'
  | 'NOT_BINARY'
  | 'NO_NEGATIVES'
  | 'NO_RATINGS'
  | 'NO_RELEVANT'
  | 'NO_USERS'
  | 'SHAPE_MISMATCH'
  | 'USERS_DIFFER';

/** The error class, held to the codes of this package. */
export const TowerkitError = AnyError<ErrorCode>;
export type TowerkitError = AnyError<ErrorCode>;

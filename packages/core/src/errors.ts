import { TowerkitError as AnyError } from './towerkit-error.js';

/** The codes of the errors that this package throws; the README says when. */
export type ErrorCode =
  | 'BAD_CSR'
  | 'BAD_OPTION'
  | 'BAD_SAFETENSORS'
  | 'BAD_SEED'
  | 'BAD_TENSOR'
  | 'DUPLICATE_ID'
  | 'FOLDER_IN_USE'
  | 'LOCKED'
  | 'OUT_OF_RANGE'
  | 'SHAPE_MISMATCH'
  | 'UNWRITABLE';

/** The error class, held to the codes of this package. */
export const TowerkitError = AnyError<ErrorCode>;
export type TowerkitError = AnyError<ErrorCode>;

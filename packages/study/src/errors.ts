import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws itself; the README says when. */
export type ErrorCode =
  'BAD_CONFIG' | 'BAD_OPTION' | 'BAD_SPACE' | 'EMPTY_DATA' | 'OTHER_DATA' | 'PROCESS_ENDED';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;

/** The codes of the errors that this package throws itself; its README says when. */
export type ErrorCode = 'BAD_OPTION' | 'BAD_SHAPE' | 'BAD_TOWER' | 'NO_HISTORY' | 'NO_RATINGS' | 'NO_TEACHER';

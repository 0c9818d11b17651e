/** The `code` of every `TowerkitError` of the shop generator; the README says when each is thrown. */
export type ErrorCode =
  | 'BAD_OPTIONS'
  | 'BAD_SHOP'
  | 'FOLDER_IN_USE'
  | 'LOCKED'
  | 'SHAPE_MISMATCH'
  | 'SHOP_CHANGED'
  | 'UNKNOWN_ITEM'
  | 'UNKNOWN_USER'
  | 'UNWRITABLE';

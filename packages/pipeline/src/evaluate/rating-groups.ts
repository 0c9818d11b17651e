/** Items, or users, by how many rows they have in training. */
export const RATING_GROUPS = {
  /** Never seen. */
  none: (count: number) => count === 0,
  /** 1 to 4 rows. */
  few: (count: number) => count >= 1 && count <= 4,
  /** 5 rows or more. */
  many: (count: number) => count >= 5,
} as const;

export type RatingGroup = keyof typeof RATING_GROUPS;

export const ratingGroups = Object.keys(RATING_GROUPS) as RatingGroup[];

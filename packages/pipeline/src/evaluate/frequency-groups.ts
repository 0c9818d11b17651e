/** Items, or users, by how many rows they have in training. */
export const FREQUENCY_GROUPS = {
  /** Never seen. */
  none: (count: number) => count === 0,
  /** 1 to 4 rows. */
  few: (count: number) => count >= 1 && count <= 4,
  /** 5 rows or more. */
  many: (count: number) => count >= 5,
} as const;

/** Name of a group. */
export type FrequencyGroup = keyof typeof FREQUENCY_GROUPS;

/** Names of the groups, fewest training rows first. */
export const frequencyGroups = Object.keys(FREQUENCY_GROUPS) as FrequencyGroup[];

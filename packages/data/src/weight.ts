/** The largest weight of a row: what 32 bits hold. */
export const MOST_WEIGHT = 3.4028234e38;

/** Whether a number can be what a row weighs. */
export const isWeight = (value: number): boolean => value >= 0 && value <= MOST_WEIGHT;

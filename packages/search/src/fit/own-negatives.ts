import type { SearchConfig } from '../schema.js';

/** Which of the nearest products are negatives, and how often they are looked for. */
export interface OwnNegatives {
  /** Ranks from 1, both included; products judged for the query are left out whatever their rank. */
  readonly ranks: readonly [number, number];
  /** Steps from one search to the next; at the start of each epoch but the first when absent. */
  readonly every?: number;
}

/** The key `ownNegatives` of a config, a number n being the ranks 1 to n; undefined for none. */
export function ownNegativesOf({
  ownNegatives,
}: Pick<SearchConfig, 'ownNegatives'>): OwnNegatives | undefined {
  if (typeof ownNegatives !== 'number') return ownNegatives;
  return ownNegatives > 0 ? { ranks: [1, ownNegatives] } : undefined;
}

/** Whether negatives are looked for anew before a step. @param step from 0 over all epochs @param isFirst of its epoch */
export const isSearched = (
  own: OwnNegatives | undefined,
  { step, epoch, isFirst }: { readonly step: number; readonly epoch: number; readonly isFirst: boolean },
): boolean => own !== undefined && (own.every ? step > 0 && step % own.every === 0 : isFirst && epoch > 1);

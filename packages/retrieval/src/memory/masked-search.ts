import type { FlatScan, ScanResult } from '@towerkit/kernels';

import { hasBit, type Mask } from '../rows/mask.js';
import type { Engine } from './engine.js';

/**
 * What a candidate of a graph costs in rows of an exact scan: jumps in memory for its neighbors against a stretch of
 * memory read in order. Measured: .5 us against 5 ns at 26,354 x 64, 4 us against 20 ns at a million.
 */
const ROWS_PER_CANDIDATE = 150;

/** What is searched. */
export interface Searched {
  readonly engine: Engine;
  /** Slots given out. */
  readonly used: number;
  readonly ids: Float64Array;
  /** The vectors; only called where they are needed. */
  scan(): Promise<FlatScan>;
}

/**
 * How many candidates to ask an engine for, so that k of them should pass the mask; undefined where an exact scan of what
 * passes is cheaper.
 */
export function candidates(k: number, mask: Mask, used: number): number | undefined {
  const count = mask.count === used ? k : Math.ceil((1.5 * k * used) / Math.max(1, mask.count));
  return worthwhile(count, mask, used) ? count : undefined;
}

/** Whether asking for so many candidates is cheaper than a scan. Rows are scanned by fours, if one of them passes. */
const worthwhile = (count: number, mask: Mask, used: number) =>
  ROWS_PER_CANDIDATE * count < used * (1 - (1 - mask.count / used) ** 4);

/**
 * The k best of the slots that a mask lets through. A filter that leaves few is scanned exactly. Otherwise the engine is
 * asked for so many that k should remain, for four times as many where they do not, until a scan is cheaper: k are found
 * wherever k exist.
 */
export async function maskedSearch(
  searched: Searched,
  query: Float32Array,
  k: number,
  mask: Mask,
): Promise<ScanResult> {
  const { engine, used } = searched;
  for (let count = candidates(k, mask, used); count !== undefined;) {
    const best = await settle(searched, engine.search(query, count), query, k, mask);
    if (best !== undefined) return best;
    count *= 4;
    if (!worthwhile(count, mask, used)) break;
  }
  return (await searched.scan()).search(query, k, mask.words);
}

/** The k best of what an engine found, scored exactly; undefined where fewer than k, and than there are, pass. */
export async function settle(
  { engine, used, ids, scan }: Searched,
  found: ScanResult,
  query: Float32Array,
  k: number,
  mask: Mask,
): Promise<ScanResult | undefined> {
  const { covered, exactScores } = engine;
  const passing = filtered(found, mask);
  if (covered >= used) {
    if (passing.slots.length < Math.min(k, mask.count)) return undefined;
    return exactScores ? inOrder(passing, ids, k) : (await scan()).rescore(query, k, passing.slots);
  }
  const rows = await scan();
  const tail = rows.search(query, k, from(covered, mask.words)).slots;
  const slots = Int32Array.of(...passing.slots, ...tail);
  return slots.length < Math.min(k, mask.count) ? undefined : rows.rescore(query, k, slots);
}

/**
 * Those that a mask lets through, in place. Also without a filter: an addition under way may be in the engine already, and
 * not yet among the slots.
 */
function filtered({ slots, scores }: ScanResult, { words }: Mask): ScanResult {
  let kept = 0;
  for (let i = 0; i < slots.length; i++)
    if (hasBit(words, slots[i])) {
      slots[kept] = slots[i];
      scores[kept++] = scores[i];
    }
  return { slots: slots.subarray(0, kept), scores: scores.subarray(0, kept) };
}

/** The first k, equal scores in order of id: an insertion sort, of what is sorted but for those. */
function inOrder({ slots, scores }: ScanResult, ids: Float64Array, k: number): ScanResult {
  for (let i = 1; i < slots.length; i++)
    for (let j = i; j > 0 && scores[j] >= scores[j - 1]; j--) {
      if (scores[j] === scores[j - 1] && ids[slots[j]] > ids[slots[j - 1]]) break;
      [slots[j], slots[j - 1]] = [slots[j - 1], slots[j]];
      [scores[j], scores[j - 1]] = [scores[j - 1], scores[j]];
    }
  return { slots: slots.subarray(0, k), scores: scores.subarray(0, k) };
}

/** A mask without the slots before the first. */
function from(first: number, words: Uint32Array): Uint32Array {
  const out = words.slice();
  out.fill(0, 0, first >>> 5);
  if (first >>> 5 < out.length) out[first >>> 5] &= -1 << (first & 31);
  return out;
}

import { requireValues, type InteractionLog } from '../interaction-log.js';
import { unknownKind } from '../unknown-kind.js';
import type { FeedbackRules, KindRule, WeightRule } from './rules.js';

/** What a row is used for, bit by bit. */
export const HISTORY = 1;
/** It is to be predicted: of a kind that is a target, and of some weight. */
export const TARGET = 2;
export const DISLIKE = 4;
/** Its item was taken: of a kind that is a target, whatever it weighs. */
export const TAKEN = 8;

/** What becomes of each row of a log. */
export interface RowUses {
  /** In the history 1, a target 2, a dislike 4, taken 8, added; 0 for a row left out: [rows]. */
  readonly uses: Uint8Array;
  /** What each row weighs before its age counts: [rows]; absent where no rule and no column gives weights. */
  readonly weights?: Float64Array;
}

/**
 * Applies rules to every row of a log. A rating at or below `dislikes.below`, or a kind that is a dislike, makes a dislike and
 * nothing else. A row that weighs nothing is no target; whether it enters the history is up to its kind.
 *
 * @throws TowerkitError `UNKNOWN_KIND` for a kind without a rule; `MISSING_COLUMN` where a rule needs kinds, ratings or times
 *   and the log has none
 * @example
 * ```ts
 * const log = encodeInteractions({ user: ['ann', 'ann'], item: ['hat', 'hat'], kind: ['view', 'buy'] });
 * rowUses(log, { kinds: { view: { target: false }, buy: {} } }).uses; // Uint8Array [HISTORY, HISTORY + TARGET + TAKEN]
 * ```
 */
export function rowUses(log: InteractionLog, { kinds, dislikes, weights: rule }: FeedbackRules): RowUses {
  const kindOf = kinds && rulesByCode(log, kinds);
  const rating = dislikes && requireValues(log.rating, 'rating', 'dislikes need');
  if (rule?.halfLife !== undefined) requireValues(log.time, 'time', 'a half-life needs');
  const weights = isWeighted(log, kindOf, rule) ? new Float64Array(log.user.length) : undefined;
  const uses = new Uint8Array(log.user.length);
  for (let row = 0; row < uses.length; row++) {
    const own = kindOf?.[log.kind!.codes[row]] ?? PLAIN;
    const weight = weightOf(log.weight?.[row] ?? 1, rule) * (own.weight ?? 1);
    if (weights) weights[row] = weight;
    if (own.exclude) continue;
    if (own.dislike || (rating && rating[row] <= dislikes.below)) uses[row] = DISLIKE;
    else {
      if (own.history ?? true) uses[row] |= HISTORY;
      if (own.target ?? true) uses[row] |= weight > 0 ? TARGET | TAKEN : TAKEN;
    }
  }
  return { uses, ...(weights && { weights }) };
}

/** The rule of a log without kinds. */
const PLAIN: KindRule = {};

const isWeighted = (log: InteractionLog, kinds: readonly KindRule[] | undefined, rule?: WeightRule) =>
  log.weight !== undefined ||
  rule?.halfLife !== undefined ||
  (kinds?.some(({ weight = 1 }) => weight !== 1) ?? false);

function weightOf(
  value: number,
  { center = 0, transform = 'none', cap = Infinity }: WeightRule = {},
): number {
  const capped = Math.min(Math.max(0, value - center), cap);
  return transform === 'log1p' ? Math.log1p(capped) : transform === 'sqrt' ? Math.sqrt(capped) : capped;
}

function rulesByCode(log: InteractionLog, kinds: Readonly<Record<string, KindRule>>): KindRule[] {
  const { names } = requireValues(log.kind, 'kind', 'kinds need');
  return names.map((name) => {
    if (Object.hasOwn(kinds, name)) return kinds[name];
    throw unknownKind(name, Object.keys(kinds));
  });
}

import type { Entry } from './print.js';

/** What kinds of rows count as, by words in their names; the first that fits. */
const RULES: readonly [pattern: RegExp, use: 'dislike' | 'exclude' | 'cart' | 'view' | 'take'][] = [
  // What somebody says no to, where a column says whether it was liked.
  [/^(false|no|n|0)$/i, 'dislike'],
  [/dislike|hide|skip|not.?interested|block|report/i, 'dislike'],
  [/return|refund|cancel|remove|unfollow|unlike/i, 'exclude'],
  [
    /purchas|buy|bought|order|transaction|checkout|rent|loan|borrow|install|download|subscri|kauf|book(ed|ing)|complet|finish|watch|play|listen|read/i,
    'take',
  ],
  [/cart|basket|wish|bookmark|save|warenkorb|fav/i, 'cart'],
  [/view|click|open|detail|impression|visit|^pv$|show|seen|ansicht|browse/i, 'view'],
];

/** Share of the rows that targets should have at least. */
const LEAST = 0.002;

/**
 * Rules for the kinds of a log, as a config has them: where something is bought or taken, views are known before and are no
 * targets.
 *
 * @param kinds with their numbers of rows
 */
export function kindRules(kinds: readonly (readonly [kind: string, rows: number])[]): Entry[] {
  const total = kinds.reduce((sum, [, rows]) => sum + rows, 0);
  const uses = kinds
    .filter(([kind]) => kind !== '')
    .map(([kind, rows]) => ({
      kind,
      rows,
      use: RULES.find(([pattern]) => pattern.test(kind))?.[1] ?? 'take',
    }));
  const share = (use: string) =>
    uses.filter((one) => one.use === use).reduce((sum, { rows }) => sum + rows, 0) / Math.max(total, 1);
  const taken = share('take') > LEAST;
  const carts = taken || share('cart') > LEAST;
  return uses.map(({ kind, rows, use }): Entry => {
    const said = `${((100 * rows) / Math.max(total, 1)).toFixed(1)}% of the rows`;
    if (use === 'dislike') return [kind, '{ dislike: true }', said];
    if (use === 'exclude') return [kind, '{ exclude: true }', `${said}; as if they were not there`];
    if (use === 'view' && carts)
      return [kind, '{ weight: 0.2, target: false }', `${said}; known before, never predicted`];
    if (use === 'cart' && taken)
      return [kind, '{ weight: 0.5, target: false }', `${said}; known before, never predicted`];
    return [kind, '{}', `${said}; to be predicted`];
  });
}

/** Rules for grades in words, as a config has them for kinds: what is worth less than half counts as if it were not there. */
export const gradeRules = (grades: Readonly<Record<string, number>>): Entry[] =>
  Object.entries(grades).map(([grade, gain]): Entry => [grade, gain < 0.5 ? '{ exclude: true }' : '{}']);

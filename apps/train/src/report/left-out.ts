import type { ArtifactEvaluation } from '@towerkit/pipeline';

/** What an evaluation tells of those it left out. */
type Evaluated = Pick<ArtifactEvaluation, 'repeats' | 'leftOut' | 'leftOutTargets'>;

/** What was ranked, in words. */
export function describeRepeats({ repeats }: Pick<Evaluated, 'repeats'>): string {
  if (repeats === 'exclude') return 'all items ranked but those of the history';
  return repeats === 'allow' ? 'all items ranked, also those of the history' : 'items of the history ranked';
}

/** Users and targets that were left out, in words. */
export function describeLeftOut({ repeats, leftOut, leftOutTargets }: Evaluated): string {
  const { repeat, newItem, unknownUser, unknownItem } = leftOut;
  const others = `${unknownUser} unknown users, ${unknownItem} unknown items`;
  if (repeats === 'allow') {
    const { repeat: disliked } = leftOutTargets; // repeats count, so nothing else is left out
    if (disliked === 0) return `left out: ${others}`;
    return `left out: ${repeat} users with disliked targets alone, ${others}; ${disliked} targets that the user disliked`;
  }
  if (repeats === 'only')
    return `left out: ${newItem} users with new items alone, ${others}; ${leftOutTargets.newItem} targets that are new to the user`;
  return `left out: ${repeat} repeats, ${others}; ${leftOutTargets.repeat} targets that repeat the history`;
}

/** The same for `--json`. @param undefinedOf users whom a metric is undefined for, by metric */
export const leftOutResult = (
  { leftOut, leftOutTargets }: Evaluated,
  undefinedOf: Readonly<Record<string, number>> = {},
) => ({
  left_out: {
    repeat: leftOut.repeat,
    new_item: leftOut.newItem,
    unknown_user: leftOut.unknownUser,
    unknown_item: leftOut.unknownItem,
    ...(Object.keys(undefinedOf).length > 0 && { undefined: undefinedOf }),
  },
  left_out_targets: { repeat: leftOutTargets.repeat, new_item: leftOutTargets.newItem },
});

import { takeColumns } from '@towerkit/data';
import { validationScope, type Prepared, type ResolvedConfig } from '@towerkit/pipeline';
import { recommendSaid, type SavedModel } from '@towerkit/recommend';

const SHOWN = 5;
/** Things taken next that are named; of the others their number is said. */
const NAMED = 10;

/**
 * For some users who can be evaluated: the last things they had, what they took next, and what is recommended, by
 * title where there are titles. Repeats are recommended as the config says. A model that reads moments is asked at that of the
 * first thing they took next.
 *
 * @param config its `examples` say how many users, spread over all
 */
export async function showUsers(
  prepared: Prepared,
  model: SavedModel,
  { examples, repeats }: Pick<ResolvedConfig, 'examples' | 'repeats'>,
): Promise<string> {
  const { log, catalog, split, moments, histories, targets, counts } = prepared;
  const scope = validationScope(prepared, repeats);
  const rankedFor = (user: number) => {
    const own = new Set(scope.histories.row(user));
    return (item: number) => scope.repeats === 'allow' || own.has(item) === (scope.repeats === 'only');
  };
  const able = log.users.names.flatMap((_, user) => (targets.row(user).some(rankedFor(user)) ? [user] : []));
  const users = Array.from(
    { length: Math.min(examples, able.length) },
    (_, i) => able[Math.floor((i * able.length) / examples)],
  );
  const titles = catalog?.table.columnNames().includes('title') ? catalog.table.array('title') : undefined;
  const titleOf = (item: number) => {
    const name = log.items.nameOf(item);
    return (titles?.[catalog!.items.indexOf(name) ?? -1] as string | null | undefined) ?? name;
  };
  // Nothing is known of items that only held-back rows name; they are not recommended.
  const isListed = (item: number) =>
    counts[item] > 0 || catalog?.items.indexOf(log.items.nameOf(item)) !== undefined;
  const read = users.map((user) => histories.row(user));
  const columns =
    moments &&
    takeColumns(
      moments.columns,
      users.map((user) => moments.rows.validation[split.validation.indptr[user]]),
    );
  const said = columns && (await model.moments?.rows(columns));
  const leftOut = users.map((user) => {
    const isRanked = rankedFor(user);
    return Array.from(counts.keys()).filter((item) => !isListed(item) || !isRanked(item));
  });
  const lists = await recommendSaid(model, { histories: read, users, said }, SHOWN, leftOut);
  const momentOf = (place: number) =>
    Object.entries(columns ?? {})
      .map(([name, values]) => `${name} ${values[place] || '?'}`)
      .join(', ');
  return users
    .map((user, place) => {
      const wanted = new Set(targets.row(user));
      const had = Array.from(histories.row(user).slice(-SHOWN), (item) => `    ${titleOf(item)}`);
      const best = Array.from(
        lists[place].items,
        (item, i) => `    ${i + 1}. ${titleOf(item)}${wanted.has(item) ? '  <- taken next' : ''}`,
      );
      return [
        `${log.users.nameOf(user)} had (${histories.row(user).length} in all, the last ones):`,
        ...had,
        `  took next: ${named([...wanted].map(titleOf))}${columns ? ` (${momentOf(place)})` : ''}`,
        '  is recommended:',
        ...best,
      ].join('\n');
    })
    .join('\n\n');
}

const named = (titles: readonly string[]): string => {
  const more = titles.length - NAMED;
  return `${titles.slice(0, NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
};

import { topK, type Recommendations, type Recommender } from '@towerkit/core';
import { notRanked, type Prepared } from '@towerkit/pipeline';

const SHOWN = 5;

/**
 * For some users who can be evaluated: the last things they had, what they took next, and what is recommended, by
 * title where there are titles.
 *
 * @param how many, spread over the users
 */
export async function showUsers(
  prepared: Prepared,
  model: Pick<Recommender, 'recommend' | 'score'>,
  how: number,
): Promise<string> {
  const { log, catalog, histories, targets, counts } = prepared;
  const leftOut = notRanked(prepared);
  const able = log.users.names.flatMap((_, user) =>
    targets.row(user).some((item) => !leftOut.row(user).includes(item)) ? [user] : [],
  );
  const users = Array.from(
    { length: Math.min(how, able.length) },
    (_, i) => able[Math.floor((i * able.length) / how)],
  );
  const titles = catalog?.table.columnNames().includes('title') ? catalog.table.array('title') : undefined;
  const titleOf = (item: number) => {
    const name = log.items.nameOf(item);
    return (titles?.[catalog!.items.indexOf(name) ?? -1] as string | null | undefined) ?? name;
  };
  // Nothing is known of items that only held-back rows name; they are not recommended.
  const isListed = (item: number) =>
    counts[item] > 0 || catalog?.items.indexOf(log.items.nameOf(item)) !== undefined;
  const unlisted = Array.from(counts.keys()).filter((item) => !isListed(item)).length;
  const read = users.map((user) => histories.row(user));
  const lists = prepared.feedback
    ? await bestBut(model, read, users, leftOut, SHOWN + unlisted)
    : await model.recommend(read, SHOWN + unlisted, users);
  return users
    .map((user, place) => {
      const wanted = new Set(targets.row(user));
      const had = Array.from(histories.row(user).slice(-SHOWN), (item) => `    ${titleOf(item)}`);
      const best = Array.from(
        lists[place].items.filter(isListed).slice(0, SHOWN),
        (item, i) => `    ${i + 1}. ${titleOf(item)}${wanted.has(item) ? '  <- taken next' : ''}`,
      );
      return [
        `${log.users.nameOf(user)} had (${histories.row(user).length} in all, the last ones):`,
        ...had,
        `  took next: ${Array.from(wanted, titleOf).join('; ')}`,
        '  is recommended:',
        ...best,
      ].join('\n');
    })
    .join('\n\n');
}

/** The best items of each user without those left out for them, whatever is in their histories. */
async function bestBut(
  model: Pick<Recommender, 'score'>,
  histories: readonly Int32Array[],
  users: readonly number[],
  leftOut: Prepared['histories'],
  k: number,
): Promise<Recommendations[]> {
  const scores = new Float32Array(users.length * leftOut.cols);
  await model.score(histories, scores, users);
  return users.map((user, row) =>
    topK(scores.subarray(row * leftOut.cols, (row + 1) * leftOut.cols), k, leftOut.row(user)),
  );
}

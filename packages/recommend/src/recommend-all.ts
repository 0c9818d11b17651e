import { fullHistories, type Artifact } from '@towerkit/artifact';
import { requireRepeats, type Recommendations, type Repeats } from '@towerkit/core';

import { bestOf, isZero } from './engine/best-of.js';
import { allowedOf, repeatsOf } from './engine/repeats.js';
import type { RankedItems } from './engine/question.js';
import type { SavedModel } from './ranker.js';

const BATCH = 256;

/** Columns of a part of the answers for all users: one row per user and rank. */
export type UserRows = {
  readonly user: string[];
  /** From 1. */
  readonly rank: number[];
  readonly item: string[];
  readonly score: number[];
};

/** What lists are made of: the model, how long they are, and which items they may hold. */
interface Wanted {
  readonly model: SavedModel;
  readonly k: number;
  /** Items that are never recommended. */
  readonly unlisted: ReadonlySet<number>;
  readonly repeats: Repeats;
}

/**
 * Recommends to every user the artifact knows, a few hundred at a time, by exact scores of all items.
 *
 * @param unlisted items that are never recommended
 * @param repeats what becomes of the items of a history; by default what the artifact says
 * @throws TowerkitError `BAD_OPTION`
 */
export async function* recommendAll(
  artifact: Artifact,
  model: SavedModel,
  unlisted: ReadonlySet<number>,
  k: number,
  onDone: (users: number) => void = () => undefined,
  repeats: Repeats = repeatsOf(artifact.manifest),
): AsyncGenerator<UserRows> {
  const wanted = { model, k, unlisted, repeats: requireRepeats(repeats) };
  const { users, items, counts } = artifact;
  const histories = fullHistories(artifact);
  const popularity = Float32Array.from(counts);
  const everyone = Int32Array.from({ length: users.size }, (_, user) => user);
  for (let start = 0; start < users.size; start += BATCH) {
    const batch = everyone.subarray(start, start + BATCH);
    const own = Array.from(batch, (user) => Array.from(histories.row(user)));
    const lists = await (repeats === 'exclude' ? listsOfNew : listsWithRepeats)(wanted, own, batch);
    const rows: UserRows = { user: [], rank: [], item: [], score: [] };
    batch.forEach((user, place) => {
      const known = own[place].length > 0 && !isZero(lists[place].scores);
      const best = known ? lists[place] : bestFor(wanted, own[place], popularity);
      best.items.forEach((item, rank) => {
        rows.user.push(users.nameOf(user));
        rows.rank.push(rank + 1);
        rows.item.push(items.nameOf(item));
        rows.score.push(best.scores[rank]);
      });
    });
    yield rows;
    onDone(start + batch.length);
  }
}

/** The best of one user's scores that a list may hold. */
function bestFor({ k, unlisted, repeats }: Wanted, history: number[], scores: Float32Array): RankedItems {
  const deny = repeats === 'exclude' ? [...history, ...unlisted] : unlisted;
  return bestOf(scores, k, deny, allowedOf({ repeats, history }, undefined, unlisted));
}

/** Lists that hold items of the history, too, or no others: of the scores of all items. */
async function listsWithRepeats(
  wanted: Wanted,
  histories: number[][],
  users: Int32Array,
): Promise<RankedItems[]> {
  const { items } = wanted.model;
  const scores = new Float32Array(histories.length * items);
  await wanted.model.score(histories, scores, users);
  return histories.map((history, row) =>
    bestFor(wanted, history, scores.subarray(row * items, (row + 1) * items)),
  );
}

/** Lists without the history, as a model makes them itself. */
async function listsOfNew(
  { model, k, unlisted }: Wanted,
  histories: number[][],
  users: Int32Array,
): Promise<RankedItems[]> {
  const ask = (length: number) => model.recommend(histories, length, users);
  let lists = await ask(k);
  // Items that are not listed seldom come up: only then are they asked for, too, to be left out.
  if (unlisted.size > 0 && lists.some(({ items }) => items.some((item) => unlisted.has(item))))
    lists = await ask(k + unlisted.size);
  return lists.map((list) => listedOf(list, unlisted, k));
}

/** The first k of a list that may be recommended. */
function listedOf({ items, scores }: Recommendations, unlisted: ReadonlySet<number>, k: number): RankedItems {
  const kept = Array.from(items.keys())
    .filter((place) => !unlisted.has(items[place]))
    .slice(0, k);
  return { items: kept.map((place) => items[place]), scores: kept.map((place) => scores[place]) };
}

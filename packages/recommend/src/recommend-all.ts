import { fullHistories, type Artifact } from '@towerkit/artifact';
import {
  requireCount,
  requireRepeats,
  type CsrMatrix,
  type Recommendations,
  type Repeats,
} from '@towerkit/core';

import { askedAt, type AnswerOptions } from './answer.js';
import type { AnswerEngine } from './engine/answer-engine.js';
import { bestOf, isZero } from './engine/best-of.js';
import { momentOf } from './engine/moment.js';
import { allowedOf, repeatsOf } from './engine/repeats.js';
import type { RankedItems, UserRow } from './engine/question.js';
import type { SavedModel } from './ranker.js';
import { eachScores, type AskedUsers } from './recommend-said.js';
import { batchesOfShard, requireShard, type Shard } from './shards.js';
import { deniedOf } from './who.js';

const BATCH = 256;

/** Options of lists for everybody: see {@link AnswerOptions}. */
export interface RecommendAllOptions extends Pick<AnswerOptions, 'repeats' | 'context' | 'at'> {
  /** Only a part of the users; all when absent. Any number of shards gives the same lists. */
  readonly shard?: Shard;
}

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
  /** Items that are left out for each user. */
  readonly deny: CsrMatrix | undefined;
}

/** Users of a part, by dense ids and with their histories. */
type Part = AskedUsers & { readonly histories: readonly number[][]; readonly users: Int32Array };

/**
 * Recommends to every user the artifact knows, a few hundred at a time, by exact scores of all items.
 *
 * @param onDone is told how many users are done, and how many there are, in the shard
 * @param options what becomes of the items of a history, by default what the artifact says, the moment that all ask at, and the shard
 * @throws TowerkitError as of one question: `BAD_OPTION`, also for a shard out of range, `NO_CONTEXT`, `MISSING_CONTEXT`, `UNKNOWN_CONTEXT`, `BAD_CONTEXT`
 */
export async function* recommendAll(
  artifact: Artifact,
  { ranker, filter: { unlisted }, now }: Pick<AnswerEngine, 'ranker' | 'filter' | 'now'>,
  k: number,
  onDone: (users: number, total: number) => void = () => undefined,
  { repeats = repeatsOf(artifact.manifest), shard = { index: 1, of: 1 }, ...at }: RecommendAllOptions = {},
): AsyncGenerator<UserRows> {
  requireCount('k', k);
  requireRepeats(repeats);
  requireShard(shard);
  const { users, items, counts } = artifact;
  const { model } = ranker;
  const moment = await momentOf(askedAt(at), ranker.moments, now);
  const histories = fullHistories(artifact);
  const denied = deniedOf(artifact, repeats);
  const deny = denied ?? (repeats === 'exclude' ? histories : undefined);
  const wanted: Wanted = { model, k, unlisted, repeats, deny };
  const isPlain = !denied && repeats === 'exclude' && !moment;
  // Of a user without a history, a model may know their own features, or the moment that all ask at.
  const isKnown = ranker.users !== undefined || moment?.isKnown === true;
  const popularity = Float32Array.from(counts);
  const everyone = Int32Array.from({ length: users.size }, (_, user) => user);
  const [first, last] = batchesOfShard(Math.ceil(users.size / BATCH), shard).map((batch) => batch * BATCH);
  const total = Math.min(last, users.size) - first;
  onDone(0, total);
  for (let start = first; start < last; start += BATCH) {
    const batch = everyone.subarray(start, start + BATCH);
    const own = Array.from(batch, (user) => Array.from(histories.row(user)));
    const said = moment && new Array<UserRow>(own.length).fill(moment.row);
    const lists = await (isPlain ? listsOfModel : listsByScores)(wanted, {
      histories: own,
      users: batch,
      said,
    });
    const rows: UserRows = { user: [], rank: [], item: [], score: [] };
    batch.forEach((user, place) => {
      const answers = (own[place].length > 0 || isKnown) && !isZero(lists[place].scores);
      const best = answers ? lists[place] : bestFor(wanted, user, own[place], popularity);
      best.items.forEach((item, rank) => {
        rows.user.push(users.nameOf(user));
        rows.rank.push(rank + 1);
        rows.item.push(items.nameOf(item));
        rows.score.push(best.scores[rank]);
      });
    });
    yield rows;
    onDone(start + batch.length - first, total);
  }
}

/** The best of one user's scores that a list may hold. */
function bestFor(
  { k, unlisted, repeats, deny }: Wanted,
  user: number,
  history: number[],
  scores: Float32Array,
): RankedItems {
  const out = deny ? [...deny.row(user), ...unlisted] : unlisted;
  return bestOf(scores, k, out, allowedOf({ repeats, history }, undefined, unlisted));
}

/** Lists made of the scores of all items. */
const listsByScores = (wanted: Wanted, asked: Part): Promise<RankedItems[]> =>
  eachScores(wanted.model, asked, (scores, place) =>
    bestFor(wanted, asked.users[place], asked.histories[place], scores),
  );

/** Lists without the history, as a model makes them itself. */
async function listsOfModel(
  { model, k, unlisted }: Wanted,
  { histories, users }: Part,
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

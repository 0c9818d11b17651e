import type { CsrMatrix, Repeats, Vocabulary } from '@towerkit/core';

import type { EventStore } from '../stores/event-store.js';
import { denseIds } from './dense-ids.js';
import type { EventKinds } from './event-kinds.js';

/** What a trained model holds of its users. */
export interface TrainedHistories {
  readonly items: Vocabulary;
  readonly users: Vocabulary;
  /** Items of each user, oldest first, [users, items]. */
  readonly histories: CsrMatrix;
  /** Items that are not recommended to each user, [users, items]. Default: those of the histories. */
  readonly leftOut?: CsrMatrix;
  /** Those that are not recommended where repeats are asked for either, [users, items]. Default: none. */
  readonly disliked?: CsrMatrix;
  /** When it was made, milliseconds since 1970. */
  readonly createdAt: number;
}

/** A user's items in a model's dense ids. An item may be in the history several times. */
export interface UserHistory {
  /** Dense id of the user; -1 for one the model does not know by name. */
  readonly user: number;
  /** Oldest first. */
  readonly history: number[];
  /** Items of the history that may be recommended again, because no event of theirs excludes them. */
  readonly keep: number[];
  /** Items that may not be recommended, whether or not they are in the history. */
  readonly deny: number[];
  /** Names in `added` that the model does not know. */
  readonly unknown: string[];
}

/** Whose history is wanted, and where its parts are. */
export interface UserHistoryOptions {
  readonly model: TrainedHistories;
  readonly store: Pick<EventStore, 'history'>;
  readonly kinds: Pick<EventKinds, 'history' | 'exclude'>;
  /** Name of the user; absent for an anonymous user, for whom only `added` counts. */
  readonly user?: string;
  /** Names of items that the user had besides, oldest first; newer than all else. None by default. */
  readonly added?: readonly string[];
  /** Items of the history at most, the newest, and as many events whose kind excludes. */
  readonly limit: number;
  /**
   * What becomes of the items of the history in the answer. With `allow` and `only` none is denied for being in it: denied is what
   * the model says is disliked, and items of events whose kinds exclude without entering the history, such as `dislike`.
   * Default `exclude`.
   */
  readonly repeats?: Repeats;
}

/**
 * All that is known of a user: what the model was trained on, then the events since, then the items added.
 *
 * An event from before the model was made, of an item that the model has for this user, is taken to be in it already. The
 * items of the model, or of its `leftOut`, and those added are not recommended, unless repeats are asked for; whether those of
 * events are follows from their kinds.
 *
 * @throws TowerkitError `STORE_UNAVAILABLE`
 *
 * @example
 * ```ts
 * const kinds = new EventKinds(DEFAULT_KINDS);
 * const { history, deny } = await userHistory({ model, store, kinds, user: 'ada', limit: 500 });
 * ```
 */
export async function userHistory({
  model,
  store,
  kinds,
  user,
  added = [],
  limit,
  repeats = 'exclude',
}: UserHistoryOptions): Promise<UserHistory> {
  const given = denseIds(model.items, added);
  if (user === undefined)
    return { user: -1, history: given.known.slice(-limit), keep: [], deny: [], unknown: given.unknown };
  const dense = model.users.indexOf(user) ?? -1;
  const rowOf = (matrix: CsrMatrix) => (dense < 0 ? [] : Array.from(matrix.row(dense)));
  const trained = rowOf(model.histories);
  const taken = model.leftOut ? rowOf(model.leftOut) : trained;
  const has = new Set([...trained, ...taken]);
  const refusing =
    repeats === 'exclude' ? kinds.exclude : kinds.exclude.filter((kind) => !kinds.history.includes(kind));
  const [entered, excluded] = await Promise.all([
    store.history(user, limit, kinds.history),
    store.history(user, limit, refusing),
  ]);
  const since = entered.flatMap(({ item, at }) => {
    const id = model.items.indexOf(item);
    return id === undefined || (at < model.createdAt && has.has(id)) ? [] : id;
  });
  const history = [...trained, ...since, ...given.known].slice(-limit);
  // What was had is left out also where newer events push it out of the history.
  const had =
    repeats === 'exclude'
      ? [...taken, ...given.known].slice(-limit)
      : model.disliked
        ? rowOf(model.disliked)
        : [];
  const deny = new Set([...had, ...excluded.flatMap(({ item }) => model.items.indexOf(item) ?? [])]);
  return {
    user: dense,
    history,
    keep: [...new Set(history)].filter((item) => !deny.has(item)),
    deny: [...deny],
    unknown: given.unknown,
  };
}

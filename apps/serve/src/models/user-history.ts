import type { EventKinds } from '../events/event-kinds.js';
import type { EventStore } from '../events/event-store.js';
import { denseIds } from './item-names.js';
import type { ServedModel } from './served-model.js';

/** What is known of somebody, in a model's dense ids. An item may be in the history several times. */
export interface Known {
  /** -1 for somebody the model does not know by name. */
  readonly user: number;
  /** Oldest first. */
  readonly history: number[];
  /** Items of the history that may be recommended again: they were only looked at. */
  readonly keep: number[];
  /** Items that may not be recommended, those of the history among them or not. */
  readonly deny: number[];
  readonly unknown: string[];
}

/**
 * All that is known of a user: what the artifact holds, then what was posted since, then what the request adds.
 *
 * An event from before the artifact was made, of an item the artifact has for this user, is taken to be in it already.
 * What the artifact or the request holds is not recommended; of events that is as their kinds say.
 *
 * @param limit items of the history at most, the newest, and as many events whose kind excludes
 */
export async function knownOf(
  model: Pick<ServedModel, 'items' | 'users' | 'histories' | 'createdAt'>,
  store: Pick<EventStore, 'history'>,
  kinds: Pick<EventKinds, 'history' | 'exclude'>,
  user: string | undefined,
  added: readonly string[],
  limit: number,
): Promise<Known> {
  const given = denseIds(model, added);
  if (user === undefined)
    return { user: -1, history: given.known.slice(-limit), keep: [], deny: [], unknown: given.unknown };
  const dense = model.users.indexOf(user) ?? -1;
  const trained = dense < 0 ? [] : Array.from(model.histories.row(dense));
  const has = new Set(trained);
  const [entered, excluded] = await Promise.all([
    store.history(user, limit, kinds.history),
    store.history(user, limit, kinds.exclude),
  ]);
  const since = entered.flatMap(({ item, at }) => {
    const id = model.items.indexOf(item);
    return id === undefined || (at < model.createdAt && has.has(id)) ? [] : id;
  });
  const history = [...trained, ...since, ...given.known].slice(-limit);
  const had = [...trained, ...given.known].slice(-limit); // also where newer events push it out of the history
  const deny = new Set([...had, ...excluded.flatMap(({ item }) => model.items.indexOf(item) ?? [])]);
  return {
    user: dense,
    history,
    keep: [...new Set(history)].filter((item) => !deny.has(item)),
    deny: [...deny],
    unknown: given.unknown,
  };
}

import type { EventStore } from '../events/event-store.js';
import { denseIds } from './item-names.js';
import type { ServedModel } from './served-model.js';

/** What is known of somebody, in a model's dense ids. */
export interface Known {
  /** -1 for somebody the model does not know by name. */
  readonly user: number;
  /** Oldest first. */
  readonly history: number[];
  readonly unknown: string[];
}

/**
 * All that is known of a user: what the artifact holds, then what was posted since, then what the request adds.
 *
 * An event from before the artifact was made, of an item the artifact has for this user, is taken to be in it already.
 *
 * @param limit items at most, the newest
 */
export async function knownOf(
  model: Pick<ServedModel, 'items' | 'users' | 'histories' | 'createdAt'>,
  store: EventStore,
  user: string | undefined,
  added: readonly string[],
  limit: number,
): Promise<Known> {
  const given = denseIds(model, added);
  if (user === undefined) return { user: -1, history: given.known.slice(-limit), unknown: given.unknown };
  const dense = model.users.indexOf(user) ?? -1;
  const trained = dense < 0 ? [] : Array.from(model.histories.row(dense));
  const has = new Set(trained);
  const since = (await store.history(user, limit)).flatMap(({ item, at }) => {
    const id = model.items.indexOf(item);
    return id === undefined || (at < model.createdAt && has.has(id)) ? [] : id;
  });
  return {
    user: dense,
    history: [...trained, ...since, ...given.known].slice(-limit),
    unknown: given.unknown,
  };
}

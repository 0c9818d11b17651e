import { setImmediate as turn } from 'node:timers/promises';

import { TowerkitError } from '../errors.js';
import type { EventStore } from '../stores/event-store.js';

/** Users that the store is asked for at once. */
const PAGE = 1000;

/** Milliseconds that what the store said is taken to hold: while there is room, and while there is none. */
const HOLDS = 10 * 60_000;
const FULL_HOLDS = 60_000;

/** Whose number is limited, and how. */
export interface PendingUsersOptions {
  readonly store: Pick<EventStore, 'users'>;
  /** Pending users at most; 0: any number. */
  readonly limit: number;
  /** Whether a model knows a user, who then waits for nothing. */
  knows(user: string): boolean;
  /** Milliseconds that never go back; the process's by default. */
  now?(): number;
}

/**
 * The users that have events and that no model knows: they wait for the next training. Names are free to make up, so
 * somebody could fill the store, and the next model, with them; a limit keeps their number from that. Users of a model
 * and those that are counted already are never refused. What other processes that share the store add is noticed after some
 * minutes.
 *
 * @example
 * ```ts
 * const pending = new PendingUsers({ store, limit: 100_000, knows: (user) => model.users.indexOf(user) !== undefined });
 * await pending.admit(['ada']);
 * await store.append([{ id: '1', user: 'ada', item: 'hat', type: 'view', at: Date.now() }]);
 * ```
 */
export class PendingUsers {
  #waiting = new Set<string>();
  #until = Number.NEGATIVE_INFINITY;
  #counting: Promise<void> | undefined;

  constructor(readonly options: PendingUsersOptions) {}

  /**
   * Takes users that events come of; none of them where one is too many.
   *
   * @throws TowerkitError `STORE_FULL`; `STORE_UNAVAILABLE`
   */
  async admit(users: readonly string[]): Promise<void> {
    const { limit, knows, now = () => performance.now() } = this.options;
    if (limit === 0) return;
    const strangers = [...new Set(users)].filter((user) => user !== '' && !knows(user));
    if (strangers.length === 0) return;
    if (now() >= this.#until)
      await (this.#counting ??= this.#count(now).finally(() => (this.#counting = undefined)));
    const fresh = strangers.filter((user) => !this.#waiting.has(user));
    if (fresh.length === 0) return;
    if (this.#waiting.size + fresh.length > limit) {
      this.#until = Math.min(this.#until, now() + FULL_HOLDS);
      throw new TowerkitError('STORE_FULL', 'as many users wait for a training as may', {
        hint: 'train with their events, remove old events with `towerkit events prune`, or raise the limit',
        details: { limit },
      });
    }
    for (const user of fresh) this.#waiting.add(user);
  }

  async #count(now: () => number): Promise<void> {
    const { store, limit, knows } = this.options;
    const found = new Set<string>();
    for (
      let page = await store.users('', PAGE);
      page.length > 0;
      page = await store.users(page.at(-1)!, PAGE)
    ) {
      for (const user of page) if (!knows(user)) found.add(user);
      if (found.size >= limit) break;
      await turn(); // a file is read in this thread, which has others to answer
    }
    this.#waiting = found;
    this.#until = now() + HOLDS;
  }
}

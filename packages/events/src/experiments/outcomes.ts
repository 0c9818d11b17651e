import { setImmediate as turn } from 'node:timers/promises';

import { TowerkitError } from '../errors.js';
import type { EventStore } from '../stores/event-store.js';
import type { Impression, ImpressionGroup, TimeRange, Vote, VotePage } from './impression.js';

/** Votes read at once: the server answers others in between. */
const PAGE = 1000;

/** Impressions with an event that are counted at once: what is held of them is memory of the server. */
const MAX_COUNTED = 500_000;

/** What one impression brought its arms. */
export interface ImpressionOutcome {
  /** Without the items it showed, which are too many to hold. */
  readonly impression: Omit<Impression, 'items' | 'teams'>;
  /** Events for the items of each arm, in the order of the impression's `arms`. */
  readonly events: readonly number[];
}

/** What came of the impressions of one arm. */
export interface ArmOutcome {
  /** `split`, `interleave` or `none`. */
  readonly experiment: string;
  /** Name of the model. */
  readonly arm: string;
  /** Answers that it made, or had a part in. */
  readonly impressions: number;
  /** Events for items that it put into those answers, each answer, item and kind counted once. */
  readonly events: number;
  /** Impressions with more events for its items than for those of the other arm; of a split, with any event. */
  readonly wins: number;
  /** Interleaved impressions with as many events for either arm, at least one. */
  readonly ties: number;
}

/** What came of experiments. */
export interface Outcomes {
  readonly arms: readonly ArmOutcome[];
  /** Of the impressions that brought any event. */
  readonly impressions: readonly ImpressionOutcome[];
}

/**
 * The events that each impression brought to each arm. An event counts for the arm that put its item into the answer;
 * one for an item that the answer did not show counts for none. The same answer, item and kind counts once.
 */
export class VoteCount {
  readonly #found = new Map<string, ImpressionOutcome & { events: number[]; seen: Set<string> }>();

  /** @param limit impressions with an event, at most */
  constructor(readonly limit: number = MAX_COUNTED) {}

  /** @throws TowerkitError `TOO_LARGE` for an impression past the limit */
  add({ item, type, impression: { items, teams, ...impression } }: Vote): void {
    const { id, arms } = impression;
    const place = items.indexOf(item);
    if (place < 0) return;
    let one = this.#found.get(id);
    if (!one) {
      if (this.#found.size >= this.limit)
        throw new TowerkitError('TOO_LARGE', `more than ${this.limit} impressions brought events`, {
          hint: 'ask for a shorter range of time',
          details: { limit: this.limit },
        });
      this.#found.set(id, (one = { impression, events: arms.map(() => 0), seen: new Set() }));
    }
    const key = `${place} ${type}`; // an answer shows an item once
    if (one.seen.has(key)) return;
    one.seen.add(key);
    one.events[teams[place]]++;
  }

  /** Those with an event, in the order of their first. */
  get impressions(): ImpressionOutcome[] {
    return Array.from(this.#found.values(), ({ impression, events }) => ({ impression, events }));
  }
}

/** Sums over impressions by experiment and arm, in the order of the groups. */
export function outcomesOfArms(
  groups: readonly ImpressionGroup[],
  impressions: readonly ImpressionOutcome[],
): ArmOutcome[] {
  const found = new Map<string, { -readonly [K in keyof ArmOutcome]: ArmOutcome[K] }>();
  const of = (experiment: string, arm: string) => {
    const key = JSON.stringify([experiment, arm]);
    let one = found.get(key);
    if (!one) found.set(key, (one = { experiment, arm, impressions: 0, events: 0, wins: 0, ties: 0 }));
    return one;
  };
  for (const { experiment, arms, count } of groups)
    for (const arm of arms) of(experiment, arm).impressions += count;
  for (const { impression, events } of impressions) {
    const most = Math.max(...events);
    const leaders = events.filter((count) => count === most).length;
    for (const [place, arm] of impression.arms.entries()) {
      const one = of(impression.experiment, arm);
      one.events += events[place];
      if (events[place] < most) continue;
      if (leaders === 1) one.wins++;
      else one.ties++;
    }
  }
  return [...found.values()];
}

/**
 * What came of the impressions of a range of time: how many each arm had, and how many of them it won.
 *
 * @param kinds kinds of events that count, such as `['click']`
 * @throws TowerkitError `STORE_UNAVAILABLE`; `TOO_LARGE` where more than 500,000 impressions brought events
 *
 * @example
 * ```ts
 * import { openStore, outcomes } from '@towerkit/events';
 *
 * const store = await openStore('events.db');
 * const { arms } = await outcomes(store, { since: 0, until: Date.now() }, ['click']);
 * for (const { arm, wins, impressions } of arms) console.log(arm, wins / impressions);
 * await store.close();
 * ```
 */
export async function outcomes(
  store: EventStore,
  range: TimeRange,
  kinds: readonly string[],
): Promise<Outcomes> {
  const groups = await store.impressions(range);
  const count = new VoteCount();
  const counted = new Set(kinds);
  for (let after: number | undefined = 0; after !== undefined; await turn()) {
    const { votes, next }: VotePage = await store.votes(range, after, PAGE);
    for (const vote of votes) if (counted.has(vote.type)) count.add(vote);
    after = next;
  }
  const { impressions } = count;
  return { arms: outcomesOfArms(groups, impressions), impressions };
}

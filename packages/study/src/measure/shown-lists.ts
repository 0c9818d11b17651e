import type { Questions } from '@towerkit/pipeline';
import type { OpenArtifact } from '@towerkit/recommend';

import { LIST, type Measured } from './measure-artifact.js';
import type { Variant } from './variant.js';

/** A user with what each variant would show them, by title. */
export interface ShownUser {
  readonly user: string;
  /** The last items of the history, oldest first. */
  readonly history: readonly string[];
  /** Items in the history, those not shown too. */
  readonly length: number;
  readonly targets: readonly string[];
  readonly lists: readonly ShownList[];
}

/** The best items of one variant; with several seeds those of the first. */
export interface ShownList {
  readonly label: string;
  readonly items: readonly { readonly title: string; readonly isTarget: boolean }[];
}

const USERS = 10;
const HISTORY = 5;
const SHOWN = 5;

/** Ten of the users that were asked, far apart in their order, with the best five items of every variant. */
export function shownLists(
  { items, titles, users: names }: OpenArtifact,
  { histories, targets, users }: Questions,
  artifacts: readonly Measured[],
  variants: readonly Variant[],
): ShownUser[] {
  const title = (item: number) => titles?.[item] ?? items.nameOf(item);
  const { users: rows } = artifacts[0].evaluation;
  const count = Math.min(USERS, rows.length);
  return Array.from({ length: count }, (_, i) => Math.floor((i * rows.length) / count)).map((place) => {
    const row = rows[place];
    const history = histories.row(row);
    const wanted = Array.from(targets.indices.subarray(targets.indptr[row], targets.indptr[row + 1]));
    return {
      user: users[row] < 0 ? 'somebody unknown' : names.nameOf(users[row]),
      history: Array.from(history.slice(-HISTORY), title),
      length: history.length,
      targets: wanted.filter((item) => item >= 0).map(title),
      lists: variants.map(({ label, members: [first] }) => ({
        label,
        items: Array.from(artifacts[first].evaluation.lists!.subarray(place * LIST, place * LIST + SHOWN))
          .filter((item) => item >= 0)
          .map((item) => ({ title: title(item), isTarget: wanted.includes(item) })),
      })),
    };
  });
}

import type { Impression, Vote, VotePage } from '../experiments/impression.js';

/** Columns of an impression `i` in both databases, in the order of {@link valuesOf}, and under the names of a row. */
export const IMPRESSION_COLUMNS = 'id, at, experiment, version, user_id, session_id, arms, items, teams';
export const IMPRESSION_FIELDS = IMPRESSION_COLUMNS.replace(/\w+/g, (name) => `i.${name}`);

/** An event and its impression, as both databases give it: lists are JSON, and PostgreSQL's large integers are texts. */
export interface VoteRow {
  readonly seq: number | string;
  readonly item: string;
  readonly type: string;
  /** `null`, like all after it, where the event names no impression of the range. */
  readonly id: string | null;
  readonly at: number | string;
  readonly experiment: string;
  readonly version: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly arms: string;
  readonly items: string;
  readonly teams: string;
}

/** The page of rows that were read with a limit. */
export function pageOf(rows: readonly VoteRow[], limit: number): VotePage {
  const votes = rows.flatMap(({ item, type, id, at, user_id, session_id, ...row }): Vote | Vote[] => {
    if (id === null) return [];
    const impression: Impression = {
      id,
      at: Number(at),
      experiment: row.experiment,
      arms: JSON.parse(row.arms) as string[],
      version: row.version,
      ...(user_id !== null && { user: user_id }),
      ...(session_id !== null && { session: session_id }),
      items: JSON.parse(row.items) as string[],
      teams: JSON.parse(row.teams) as number[],
    };
    return { item, type, impression };
  });
  return { votes, ...(rows.length === limit && { next: Number(rows[limit - 1].seq) }) };
}

/** The values of an impression's columns. */
export function valuesOf(impression: Impression): (string | number | null)[] {
  const { id, at, experiment, arms, version, user = null, session = null, items, teams } = impression;
  const lists = [arms, items, teams].map((list) => JSON.stringify(list));
  return [id, at, experiment, version, user, session, ...lists];
}

import { topK, TowerkitError, type Matrix, type Recommendations } from '@towerkit/core';
import { TwoTowerRecommender } from '@towerkit/training';

import type { OpenArtifact } from './open.js';
import { fullHistories } from './questions.js';

/** An item of the history that an item is recommended for, and what it adds to the score. */
export interface AnswerReason {
  readonly id: string;
  readonly title?: string;
  readonly weight: number;
}

/** What is recommended to one user, best first. */
export interface Answer {
  readonly items: readonly {
    readonly id: string;
    readonly score: number;
    readonly title?: string;
    /** The weightiest first; where they were asked for. */
    readonly reasons?: readonly AnswerReason[];
  }[];
  /** Kind of the model, or `popularity` for somebody of whom nothing is known. */
  readonly source: string;
}

/** How many items, and whether with reasons. */
export interface AnswerOptions {
  readonly k: number;
  readonly explain?: boolean;
}

/**
 * Recommends to a user the artifact knows, after everything it knows they had.
 *
 * @throws TowerkitError `UNKNOWN_USER`
 */
export async function answerUser(
  artifact: OpenArtifact,
  user: string,
  options: AnswerOptions,
): Promise<Answer> {
  const id = artifact.users.indexOf(user);
  if (id === undefined)
    throw new TowerkitError('UNKNOWN_USER', `the artifact does not know the user "${user}"`, {
      hint: 'give what they had instead, with --history ID,ID,...',
      details: { user },
    });
  return answer(artifact, fullHistories(artifact).row(id), id, options);
}

/**
 * Recommends to somebody with the given items, oldest first.
 *
 * @throws TowerkitError `UNKNOWN_ITEM` naming those the artifact does not know
 */
export async function answerHistory(
  artifact: OpenArtifact,
  history: readonly string[],
  options: AnswerOptions,
): Promise<Answer> {
  const unknown = history.filter((name) => artifact.items.indexOf(name) === undefined);
  if (unknown.length > 0)
    throw new TowerkitError(
      'UNKNOWN_ITEM',
      `the artifact does not know the item${unknown.length > 1 ? 's' : ''} ${unknown.join(', ')}`,
      {
        hint: 'leave them out; items.parquet in the artifact lists those it knows',
        details: { items: unknown },
      },
    );
  return answer(
    artifact,
    Int32Array.from(history, (name) => artifact.items.indexOf(name)!),
    -1,
    options,
  );
}

/**
 * Recommends to somebody of whom a text says what they like: the text is read as an item without an id, which the user
 * tower takes for a history.
 *
 * @param encode turns texts into vectors of items, [texts, width]
 * @throws TowerkitError `BAD_USAGE` for a model that is no two-tower
 */
export async function answerText(
  artifact: OpenArtifact,
  text: string,
  encode: (texts: readonly string[]) => Promise<Matrix>,
  { k }: AnswerOptions,
): Promise<Answer> {
  const { model, items } = artifact;
  if (!(model instanceof TwoTowerRecommender))
    throw new TowerkitError('BAD_USAGE', `a model of the kind ${model.kind} knows nobody by a text`);
  const strangers = await encode([text]);
  const [best] = await model.recommend([[items.size]], k, undefined, strangers);
  return { items: named(artifact, best), source: model.kind };
}

const REASONS = 3;

async function answer(
  artifact: OpenArtifact,
  history: Int32Array,
  user: number,
  { k, explain }: AnswerOptions,
): Promise<Answer> {
  const { model } = artifact;
  if (explain && !model.explain)
    throw new TowerkitError(
      'BAD_USAGE',
      `a model of the kind ${model.kind} cannot say why it recommends an item`,
      {
        hint: 'leave out --explain',
      },
    );
  const known = history.length > 0;
  const [best] = known ? await model.recommend([history], k, [user]) : [popular(artifact, k)];
  const items = named(artifact, best);
  if (!explain || !known) return { items, source: known ? model.kind : 'popularity' };
  const explained: Answer['items'][number][] = [];
  for (const [place, item] of items.entries()) {
    const reasons = await model.explain!(history, best.items[place]);
    explained.push({
      ...item,
      reasons: reasons.slice(0, REASONS).map(({ item, weight }) => ({ ...nameOf(artifact, item), weight })),
    });
  }
  return { items: explained, source: model.kind };
}

/** An item by its id and, where there is one, its title. */
const nameOf = ({ items, titles }: OpenArtifact, item: number) => ({
  id: items.nameOf(item),
  ...(titles?.[item] != null && { title: titles[item] }),
});

const named = (artifact: OpenArtifact, { items, scores }: Recommendations): Answer['items'] =>
  Array.from(items, (item, place) => {
    const { id, ...title } = nameOf(artifact, item);
    return { id, ...title, score: scores[place] };
  });

const popular = ({ counts }: OpenArtifact, k: number): Recommendations => topK(Float32Array.from(counts), k);

const BATCH = 256;

/** Recommends to every user the artifact knows, a few hundred at a time. */
export async function* answerAll(artifact: OpenArtifact, k: number, onDone: (users: number) => void) {
  const { users, items, model } = artifact;
  const histories = fullHistories(artifact);
  const everyone = Int32Array.from({ length: users.size }, (_, user) => user);
  for (let start = 0; start < users.size; start += BATCH) {
    const batch = everyone.subarray(start, start + BATCH);
    const lists = await model.recommend(
      Array.from(batch, (user) => histories.row(user)),
      k,
      batch,
    );
    const rows = { user: [] as string[], rank: [] as number[], item: [] as string[], score: [] as number[] };
    batch.forEach((user, place) => {
      const best = histories.row(user).length > 0 ? lists[place] : popular(artifact, k);
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

import { CsrMatrix, Rng } from '@towerkit/core';
import { takeColumns } from '@towerkit/data';
import type { Estimate } from '@towerkit/metrics';
import { modelScorer, popularityScorer, rankQuestions, type Questions } from '@towerkit/pipeline';
import type { OpenArtifact, SavedModel } from '@towerkit/recommend';

/** Histories are cut to their last so many items. */
const CUTS = [3, 5, 10, 20];
/** Fewer users than these tell nothing: then histories are cut less far apart. */
const ENOUGH = 50;

/** Whom the table asks: rows of the questions whose histories are as long as the longest cut. */
export interface ColdStartUsers {
  readonly cuts: readonly number[];
  readonly questions: Questions;
}

/** Figures of a model by the length that histories are cut to; `undefined` for a model that reads none. */
export interface ColdStart {
  /** NDCG@10 of the most popular items, which answer where nothing is known, for every model. */
  readonly none: Estimate;
  readonly cut: readonly Estimate[] | undefined;
}

/**
 * The users of the cold-start table, the same for every model: their histories are at least as long as the longest cut, which is 20
 * unless hardly anybody has so many.
 *
 * @param most users to ask. Default 1000
 * @returns `undefined` where nobody has three items
 */
export function coldStartUsers(questions: Questions, seed: number, most = 1000): ColdStartUsers | undefined {
  const { histories, users } = questions;
  const lengthOf = (row: number) => histories.indptr[row + 1] - histories.indptr[row];
  const rowsFrom = (length: number) => Array.from(users.keys()).filter((row) => lengthOf(row) >= length);
  const longest = [...CUTS].reverse().find((cut) => rowsFrom(cut).length >= ENOUGH) ?? CUTS[0];
  const rows = rowsFrom(longest);
  if (rows.length === 0) return undefined;
  const rng = new Rng(seed);
  for (let i = rows.length - 1; i > 0; i--) {
    const other = rng.integer(i + 1);
    [rows[i], rows[other]] = [rows[other], rows[i]];
  }
  return {
    cuts: CUTS.filter((cut) => cut <= longest),
    questions: {
      ...questionsOf(
        questions,
        rows.slice(0, most).sort((a, b) => a - b),
      ),
      unknownUsers: 0,
    },
  };
}

/** Some rows of questions. */
function questionsOf(questions: Questions, rows: readonly number[]): Questions {
  const { histories, leftOut, disliked, targets, users, moments } = questions;
  const taken = (matrix: CsrMatrix) =>
    CsrMatrix.fromRows(
      rows.map((row) => matrix.row(row)),
      matrix.cols,
    );
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (indptr[i + 1] = indptr[i] + targets.indptr[row + 1] - targets.indptr[row]));
  const indices = new Int32Array(indptr[rows.length]);
  rows.forEach((row, i) =>
    indices.set(targets.indices.subarray(targets.indptr[row], targets.indptr[row + 1]), indptr[i]),
  );
  return {
    ...questions,
    ...(moments && { moments: takeColumns(moments, Int32Array.from(rows)) }),
    histories: taken(histories),
    ...(leftOut && { leftOut: taken(leftOut) }),
    ...(disliked && { disliked: taken(disliked) }),
    targets: { indptr, indices },
    users: Int32Array.from(rows, (row) => users[row]),
  };
}

/**
 * How well a model serves people it does not know, by the last so many items of their histories. What is ranked is the same in every
 * column: all items but the whole history.
 *
 * @param first artifact that the questions are of
 */
export async function coldStart(
  { model }: Pick<OpenArtifact, 'model'>,
  first: OpenArtifact,
  { cuts, questions }: ColdStartUsers,
): Promise<ColdStart> {
  const strangers = new Int32Array(questions.users.length).fill(-1);
  const ndcg = async (scorer: ReturnType<typeof modelScorer>) =>
    (await rankQuestions(scorer, first, questions, { metrics: ['ndcg@10'] })).metrics['ndcg@10'];
  const none = await ndcg(popularityScorer(first.counts));
  if (!(await readsHistories(model, questions))) return { none, cut: undefined };
  const cut: Estimate[] = [];
  for (const length of cuts) {
    const histories = CsrMatrix.fromRows(
      Array.from(strangers, (_, row) => questions.histories.row(row).slice(-length)),
      questions.histories.cols,
    );
    cut.push(await ndcg(modelScorer(model, { ...questions, histories, users: strangers })));
  }
  return { none, cut };
}

/** Whether strangers with other histories get other scores; popularity is the same for everybody and serves all the same. */
async function readsHistories(model: SavedModel, { histories }: Questions): Promise<boolean> {
  if (model.kind === 'popularity') return true;
  const some = Array.from({ length: Math.min(8, histories.rows) }, (_, row) => histories.row(row));
  const scores = new Float32Array(some.length * model.items);
  await model.score(some, scores);
  for (let at = model.items; at < scores.length; at++)
    if (scores[at] !== scores[at % model.items]) return true;
  return false;
}

import type { CsrMatrix } from '@towerkit/core';
import { writeParquet, type ColumnType, type ColumnValues } from '@towerkit/data';
import { join } from 'node:path';

export const FEEDBACK = 'feedback.parquet';

/** What users did in one part of the split, users x items: where not all that they did is a history and a target alike. */
export interface PartFeedback {
  /** Items that they took. */
  readonly taken: CsrMatrix;
  /** Items that they dislike by the end of the part, for all that the part says. */
  readonly disliked: CsrMatrix;
  /** Items that entered their histories, oldest first. Of the training part these are the histories. */
  readonly history: CsrMatrix;
}

/** {@link PartFeedback} of the parts that the artifact has. */
export interface ArtifactFeedback {
  readonly train: Omit<PartFeedback, 'history'>;
  readonly validation?: PartFeedback;
  readonly test?: PartFeedback;
}

/** The columns of `feedback.parquet`, in order, and the matrix that each holds. */
export function feedbackColumns({ train, validation, test }: ArtifactFeedback): [string, CsrMatrix][] {
  const columns: [string, CsrMatrix | undefined][] = [
    ['train_taken', train.taken],
    ['train_disliked', train.disliked],
    ['validation_history', validation?.history],
    ['validation_taken', validation?.taken],
    ['validation_disliked', validation?.disliked],
    ['test_history', test?.history],
    ['test_taken', test?.taken],
    ['test_disliked', test?.disliked],
  ];
  return columns.filter((column): column is [string, CsrMatrix] => column[1] !== undefined);
}

/** Writes `feedback.parquet` into an artifact's folder: a row for each user of whom there is something. */
export async function writeFeedback(folder: string, feedback: ArtifactFeedback): Promise<void> {
  const columns = feedbackColumns(feedback);
  const users = Int32Array.from(feedback.train.taken.indptr.keys())
    .subarray(0, -1)
    .filter((user) => columns.some(([, { indptr }]) => indptr[user + 1] > indptr[user]));
  const table: Record<string, { type: ColumnType; values: ColumnValues }> = {
    user: { type: 'INTEGER', values: users },
  };
  for (const [name, matrix] of columns)
    table[name] = { type: 'INTEGER[]', values: Array.from(users, (user) => matrix.row(user)) };
  await writeParquet(join(folder, FEEDBACK), table);
}

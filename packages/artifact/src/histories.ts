import { CsrMatrix } from '@towerkit/core';

import type { ArtifactFeedback, PartFeedback } from './feedback.js';

/** Rows of several matrices of one shape, end to end: earlier parts of a history, then later ones; with values where all have some. */
export function concatRows(...parts: readonly CsrMatrix[]): CsrMatrix {
  const [{ rows, cols }] = parts;
  const entries = parts.reduce((sum, part) => sum + part.entries, 0);
  const indptr = new Int32Array(rows + 1);
  const indices = new Int32Array(entries);
  const values = parts.every((part) => part.values) ? new Float32Array(entries) : undefined;
  let end = 0;
  for (let row = 0; row < rows; row++) {
    for (const part of parts) {
      const [from, to] = [part.indptr[row], part.indptr[row + 1]];
      indices.set(part.indices.subarray(from, to), end);
      values?.set(part.values!.subarray(from, to), end);
      end += to - from;
    }
    indptr[row + 1] = end;
  }
  return new CsrMatrix(rows, cols, indptr, indices, values);
}

/** The parts of an artifact that say what users had. */
interface Parts {
  readonly histories: CsrMatrix;
  readonly validation?: CsrMatrix;
  readonly test?: CsrMatrix;
  readonly feedback?: ArtifactFeedback;
}

/** Whole histories of an artifact's users, oldest first: training rows, then those held back. Users x items. */
export function fullHistories({ histories, validation, test, feedback }: Parts): CsrMatrix {
  const held = [feedback?.validation?.history ?? validation, feedback?.test?.history ?? test];
  return concatRows(histories, ...held.filter((part) => part !== undefined));
}

/**
 * Items that answers for a user leave out, of all parts: users x items. Those of their whole history where the artifact says
 * nothing else; else what they took or dislike, and not what they only looked at.
 */
export function fullLeftOut(parts: Parts): CsrMatrix {
  const { feedback } = parts;
  if (!feedback) return fullHistories(parts);
  const { train, validation, test } = feedback;
  return leftOutIn(train, ...[validation, test].filter((part) => part !== undefined));
}

/** What was taken or is disliked in some parts: users x items. */
export const leftOutIn = (...parts: readonly Omit<PartFeedback, 'history'>[]): CsrMatrix =>
  concatRows(...parts.flatMap(({ taken, disliked }) => [taken, disliked]));

/**
 * Items that users dislike after all parts, users x items: no answer may hold them, also where it may repeat what was had.
 * `undefined` where the artifact says nothing of it.
 */
export function fullDisliked({ feedback }: Pick<Parts, 'feedback'>): CsrMatrix | undefined {
  if (!feedback) return undefined;
  const { train, validation, test } = feedback;
  const parts = [train, validation, test].filter((part) => part !== undefined);
  const lists = Array.from({ length: train.taken.rows }, (_, user) => {
    const own = new Set<number>();
    for (const { taken, disliked } of parts) {
      for (const item of taken.row(user)) own.delete(item);
      for (const item of disliked.row(user)) own.add(item);
    }
    return [...own];
  });
  return CsrMatrix.fromRows(lists, train.taken.cols);
}

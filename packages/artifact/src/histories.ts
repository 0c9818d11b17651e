import { CsrMatrix } from '@towerkit/core';

import type { ArtifactFeedback } from './feedback.js';

/** Rows of several matrices of one shape, end to end: earlier parts of a history, then later ones. */
export function concatRows(...parts: readonly CsrMatrix[]): CsrMatrix {
  const [{ rows, cols }] = parts;
  const indptr = new Int32Array(rows + 1);
  const indices = new Int32Array(parts.reduce((sum, part) => sum + part.entries, 0));
  let end = 0;
  for (let row = 0; row < rows; row++) {
    for (const part of parts) {
      const own = part.row(row);
      indices.set(own, end);
      end += own.length;
    }
    indptr[row + 1] = end;
  }
  return new CsrMatrix(rows, cols, indptr, indices);
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
  const held = [feedback.validation?.leftOut, feedback.test?.leftOut];
  return concatRows(feedback.train.leftOut, ...held.filter((part) => part !== undefined));
}

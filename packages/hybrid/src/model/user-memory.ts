import { TowerkitError, type Matrix } from '@towerkit/core';
import { RunningMeans } from '@towerkit/text';

/** A review as it is remembered. */
export interface RememberedReview {
  readonly item: number;
  readonly rating: number;
  /** Vector of what was written, [text]. */
  readonly vector: Float32Array;
  /** What was written, where it is known. */
  readonly text?: string;
}

/** The reviews of every user and the means of their vectors, which move at once with a new review. */
export class UserMemory {
  readonly #own = new Map<number, RememberedReview[]>();
  readonly #means: RunningMeans;

  /**
   * @param width of a review's vector
   * @param anonymous 1 for users who are nobody in particular
   */
  constructor(
    dimensions: number,
    readonly anonymous: Uint8Array,
  ) {
    this.#means = new RunningMeans(
      dimensions,
      Array.from(anonymous.keys()).filter((user) => anonymous[user] === 1),
    );
  }

  /** @throws TowerkitError `SHAPE_MISMATCH` for a vector of another width */
  add(user: number, review: RememberedReview): void {
    if (review.vector.length !== this.#means.cols)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `a review's vector must be ${this.#means.cols} wide, got ${review.vector.length}`,
      );
    this.#means.add(user, review.vector);
    if (this.isAnonymous(user)) return;
    const own = this.#own.get(user);
    if (own) own.push(review);
    else this.#own.set(user, [review]);
  }

  isAnonymous(user: number): boolean {
    return this.anonymous[user] === 1;
  }

  /** From the earliest to the latest; nobody in particular has none. */
  of(user: number): readonly RememberedReview[] {
    return this.#own.get(user) ?? [];
  }

  /** Writes the mean of a user's vectors; that of all for nobody in particular. */
  mean(user: number, out: Float32Array): Float32Array {
    return this.#means.write(user, out);
  }
}

/** The mean of some vectors, zeros of none. */
export function meanOf({ rows, cols, data }: Matrix): Float32Array {
  const mean = new Float32Array(cols);
  for (let row = 0; row < rows; row++) for (let c = 0; c < cols; c++) mean[c] += data[row * cols + c] / rows;
  return mean;
}

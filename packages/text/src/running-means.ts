/**
 * The mean of what each user has had so far, which moves at once with everything that is added. An anonymous user (-1, or
 * one named as such) has the mean of all that was added, whoever it was of; somebody without anything has zeros. Sums are
 * kept in float64, 8 bytes a column for each user.
 *
 * @example
 * ```ts
 * const means = new RunningMeans(2);
 * means.add(7, Float32Array.of(2, 0));
 * means.add(7, Float32Array.of(4, 2));
 * means.write(7, new Float32Array(2)); // 3, 1
 * ```
 */
export class RunningMeans {
  readonly #all: Mean;
  readonly #own = new Map<number, Mean>();
  readonly #nobody: ReadonlySet<number>;

  /**
   * @param cols width of a vector
   * @param anonymous users beside -1 who are anonymous
   */
  constructor(
    readonly cols: number,
    anonymous: Iterable<number> = [],
  ) {
    this.#all = new Mean(cols);
    this.#nobody = new Set(anonymous).add(-1);
  }

  /** How many vectors there are of a user, of all users for an anonymous one. */
  count(user: number): number {
    return (this.#nobody.has(user) ? this.#all : this.#own.get(user))?.count ?? 0;
  }

  /** Adds a vector, [cols], to a user's mean and to that of all. */
  add(user: number, vector: Float32Array): void {
    this.#all.add(vector);
    if (this.#nobody.has(user)) return;
    let mean = this.#own.get(user);
    if (mean === undefined) this.#own.set(user, (mean = new Mean(this.cols)));
    mean.add(vector);
  }

  /** Writes a user's mean into `out`, [cols]; `out` stays as it is where there is nothing. Returns `out`. */
  write(user: number, out: Float32Array): Float32Array {
    (this.#nobody.has(user) ? this.#all : this.#own.get(user))?.write(out);
    return out;
  }
}

/** The mean of the vectors added so far. */
class Mean {
  readonly #sum: Float64Array;
  count = 0;

  constructor(cols: number) {
    this.#sum = new Float64Array(cols);
  }

  add(vector: Float32Array): void {
    this.count++;
    for (let c = 0; c < vector.length; c++) this.#sum[c] += vector[c];
  }

  write(out: Float32Array): void {
    if (this.count > 0) for (let c = 0; c < out.length; c++) out[c] = this.#sum[c] / this.count;
  }
}

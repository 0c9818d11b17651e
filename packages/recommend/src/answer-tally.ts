/** Sums over one artifact's answers: how many were cold, how many items came up, and the recall that was measured. */
export class AnswerTally {
  answers = 0;
  cold = 0;
  covered = 0;
  measured = 0;
  recall = 0;
  readonly #seen: Uint8Array;

  /** @param items of the artifact */
  constructor(items: number) {
    this.#seen = new Uint8Array(items);
  }

  /**
   * Counts one answer.
   *
   * @param items dense ids that were shown
   * @param cold whether nothing was known of who asked
   * @param recall where it was measured
   */
  add(items: readonly number[], cold: boolean, recall: number | undefined): void {
    this.answers++;
    if (cold) this.cold++;
    for (const item of items) {
      this.covered += 1 - this.#seen[item];
      this.#seen[item] = 1;
    }
    if (recall === undefined) return;
    this.measured++;
    this.recall += recall;
  }
}

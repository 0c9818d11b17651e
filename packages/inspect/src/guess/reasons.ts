/** A guess with what speaks for it, the weightiest first. */
export interface Because {
  readonly score: number;
  readonly reasons: readonly string[];
}

/** Collects what speaks for and against a guess. */
export class Weighing {
  readonly #parts: { points: number; reason: string }[] = [];

  /** @param reason why, in words; without one the points count and are not shown */
  add(points: number, reason = ''): this {
    if (points !== 0) this.#parts.push({ points, reason });
    return this;
  }

  get score(): number {
    return this.#parts.reduce((sum, { points }) => sum + points, 0);
  }

  /** Reasons for the guess, the weightiest first. */
  get reasons(): readonly string[] {
    return this.#parts
      .filter(({ points, reason }) => points > 0 && reason !== '')
      .sort((a, b) => b.points - a.points)
      .map(({ reason }) => reason);
  }

  result(): Because {
    return { score: this.score, reasons: this.reasons };
  }
}

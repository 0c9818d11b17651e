import type { Matrix } from '@towerkit/core';
import { DotScores, KernelPool } from '@towerkit/kernels/internal';

/** Scores of vectors for all items by dot products; threads start with the first call. */
export class EmbeddingScores {
  #pool: KernelPool | undefined;
  #scores: DotScores | undefined;

  /** @param items one row per item */
  constructor(
    private readonly items: Matrix,
    private readonly threads: number | undefined,
  ) {}

  /** @param vectors shape [n, width]; `out`: [n, items] */
  score(vectors: Matrix, out: Float32Array): Promise<void> {
    this.#pool ??= new KernelPool({ threads: this.threads });
    this.#scores ??= new DotScores(this.#pool, this.items);
    return this.#scores.score(vectors, out);
  }

  async dispose(): Promise<void> {
    const pool = this.#pool;
    this.#pool = this.#scores = undefined;
    await pool?.close();
  }
}

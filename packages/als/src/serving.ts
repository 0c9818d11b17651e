import type { CsrMatrix, Matrix } from '@towerkit/core';
import { alsScratch, DotScores, KernelPool, Turns } from '@towerkit/kernels/internal';

import type { Factors } from './factorize.js';
import { FoldIn } from './fold-in.js';
import { widthOf } from './side.js';

/** What answers questions to fitted factors: threads and buffers that are made when they are first needed. */
export class Serving {
  readonly #model: Factors;
  readonly #width: number;
  readonly #pool: KernelPool;
  #users: FoldIn | undefined;
  #items: FoldIn | undefined;
  #scores: DotScores | undefined;
  readonly #turns = new Turns(); // they share the pool's memory

  constructor(model: Factors, threads: number | undefined) {
    this.#model = model;
    this.#width = widthOf(model.items.cols);
    this.#pool = new KernelPool({ threads, scratch: alsScratch(this.#width) });
  }

  /** Vectors of users, given the gains of their items. */
  foldInUsers(gains: CsrMatrix): Promise<Matrix> {
    return this.#turns.take(async () => (await this.#userFoldIn()).solve(gains));
  }

  /** Vectors of items, given the gains of their users. */
  foldInItems(gains: CsrMatrix): Promise<Matrix> {
    return this.#turns.take(async () => {
      const { users, regularization } = this.#model;
      this.#items ??= await FoldIn.open(this.#pool, users, this.#width, regularization);
      return this.#items.solve(gains);
    });
  }

  /** Scores of all items for users, given the gains of theirs. */
  score(gains: CsrMatrix, out: Float32Array): Promise<void> {
    return this.#turns.take(async () => {
      const users = await (await this.#userFoldIn()).solve(gains);
      this.#scores ??= new DotScores(this.#pool, this.#model.items);
      await this.#scores.score(users, out);
    });
  }

  /** Y'Y, shape [width * width]. */
  async itemGram(): Promise<{ gram: Float64Array; width: number }> {
    const { gram } = await this.#turns.take(() => this.#userFoldIn());
    return { gram, width: this.#width };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #userFoldIn(): Promise<FoldIn> {
    const { items, regularization } = this.#model;
    return (this.#users ??= await FoldIn.open(this.#pool, items, this.#width, regularization));
  }
}

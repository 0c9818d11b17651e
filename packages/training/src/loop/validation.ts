import type { CsrMatrix, Repeats } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import { evaluateFullRanking, type FullRankingEvaluation, type MetricKey } from '@towerkit/metrics';
import type { TwoTower } from '@towerkit/towers';

import { DotScores } from '../inference/dot-scores.js';
import { computeItemVectors } from '../inference/item-vectors.js';
import { UserVectors } from '../inference/user-vectors.js';
import type { Entities } from '../entities.js';
import type { InputRows } from '../tables/input-rows.js';
import { momentInputs, type ModelState } from '../tables/model-state.js';

const BATCH = 128;

/** What to evaluate on after an epoch. */
export interface ValidationOptions {
  /** Users x items: what each user went on to. */
  readonly targets: CsrMatrix;
  /** What is known of the moment at which each user is asked, [users] rows, for towers that read moments. Default: nothing. */
  readonly moments?: Entities;
  /** Default `hr@10`, `ndcg@10`, `hr@20`. */
  readonly metrics?: readonly MetricKey[];
  /** What becomes of the items of a history, see `EvaluationOptions` of `@towerkit/metrics`. Default `exclude`. */
  readonly repeats?: Repeats;
  /** A seeded sample of so many users, for a quick look. Default: all of them. */
  readonly sample?: { readonly users: number; readonly seed: number };
}

/** Full ranking of a model in training, over every item, histories removed unless the options say otherwise. */
export class Validation {
  private constructor(
    readonly model: TwoTower,
    readonly state: ModelState,
    readonly histories: CsrMatrix,
    readonly options: ValidationOptions,
    readonly engine: Engine,
    readonly users: UserVectors,
    readonly scores: DotScores,
    readonly moments: Readonly<Record<string, InputRows>>,
  ) {}

  static async create(
    model: TwoTower,
    state: ModelState,
    histories: CsrMatrix,
    maxLength: number,
    options: ValidationOptions,
    engine: Engine,
  ): Promise<Validation> {
    const users = await UserVectors.create(model, state, BATCH, maxLength, engine);
    const scores = await DotScores.create(BATCH, histories.cols, model.dimensions, engine);
    const moments = options.moments ? momentInputs(model, state, options.moments) : {};
    return new Validation(model, state, histories, options, engine, users, scores, moments);
  }

  /** Evaluates the model as it is now. */
  async run(onProgress?: (done: number, total: number) => void): Promise<FullRankingEvaluation> {
    const { histories, options } = this;
    const itemVectors = await computeItemVectors(this.model, this.state, histories.cols, this.engine);
    return evaluateFullRanking({
      items: histories.cols,
      histories,
      targets: options.targets,
      metrics: options.metrics ?? ['hr@10', 'ndcg@10', 'hr@20'],
      sample: options.sample,
      repeats: options.repeats,
      batchSize: BATCH,
      onProgress: onProgress && (({ done, total }) => onProgress(done, total)),
      scorer: async (users, out) => {
        const rows = Array.from(users, (user) => histories.row(user));
        const vectors = await this.users.compute(rows, users, itemVectors, this.moments);
        const scores = await this.scores.compute(vectors, itemVectors);
        out.set(scores.subarray(0, users.length * histories.cols));
      },
    });
  }

  async dispose(): Promise<void> {
    await this.users.dispose();
    await this.scores.dispose();
  }
}

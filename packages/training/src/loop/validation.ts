import { CsrMatrix, TowerkitError, type Repeats } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import { evaluateFullRanking, type FullRankingEvaluation, type MetricKey } from '@towerkit/metrics';
import type { TwoTower } from '@towerkit/towers';

import { DotScores } from '../inference/dot-scores.js';
import { computeItemVectors } from '../inference/item-vectors.js';
import { UserVectors } from '../inference/user-vectors.js';
import { checkEntities, type Entities } from '../entities.js';
import type { InputRows } from '../tables/input-rows.js';
import { momentInputs, type ModelState } from '../tables/model-state.js';

const BATCH = 128;

/** What to evaluate on after an epoch. */
export interface ValidationOptions {
  /** Users x items: what each user went on to; with `users`, questions x items. */
  readonly targets: CsrMatrix;
  /** Items that are not ranked for each question, questions x items. Default: those of the histories. */
  readonly leftOut?: CsrMatrix;
  /**
   * Whose question each row of the targets is, [questions]: for users who are asked several times, each time at a moment of its
   * own. Metrics and their intervals are then over questions. Default: row `u` is the one question of user `u`.
   */
  readonly users?: Int32Array;
  /** What is known of the moment of each question, [questions] rows, for towers that read moments. Default: nothing. */
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
    /** Questions x items. */
    readonly histories: CsrMatrix,
    readonly options: ValidationOptions,
    readonly engine: Engine,
    readonly users: UserVectors,
    readonly scores: DotScores,
    readonly moments: Readonly<Record<string, InputRows>>,
  ) {}

  /**
   * @param histories users x items
   * @throws TowerkitError `BAD_DATA` for questions of users that there are not, or moments that do not fit the questions
   */
  static async create(
    model: TwoTower,
    state: ModelState,
    histories: CsrMatrix,
    maxLength: number,
    options: ValidationOptions,
    engine: Engine,
  ): Promise<Validation> {
    checkQuestions(options, histories);
    const asked = options.users
      ? CsrMatrix.fromRows(
          Array.from(options.users, (user) => histories.row(user)),
          histories.cols,
        )
      : histories;
    const users = await UserVectors.create(model, state, BATCH, maxLength, engine);
    const scores = await DotScores.create(BATCH, histories.cols, model.dimensions, engine);
    const moments = options.moments ? momentInputs(model, state, options.moments) : {};
    return new Validation(model, state, asked, options, engine, users, scores, moments);
  }

  /** Evaluates the model as it is now. */
  async run(onProgress?: (done: number, total: number) => void): Promise<FullRankingEvaluation> {
    const { histories, options } = this;
    const itemVectors = await computeItemVectors(this.model, this.state, histories.cols, this.engine);
    return evaluateFullRanking({
      items: histories.cols,
      histories: options.leftOut ?? histories,
      targets: options.targets,
      metrics: options.metrics ?? ['hr@10', 'ndcg@10', 'hr@20'],
      sample: options.sample,
      repeats: options.repeats,
      batchSize: BATCH,
      onProgress: onProgress && (({ done, total }) => onProgress(done, total)),
      scorer: async (questions, out) => {
        const rows = Array.from(questions, (question) => histories.row(question));
        const users = options.users ? questions.map((question) => options.users![question]) : questions;
        const vectors = await this.users.compute(rows, users, itemVectors, this.moments, questions);
        const scores = await this.scores.compute(vectors, itemVectors);
        out.set(scores.subarray(0, questions.length * histories.cols));
      },
    });
  }

  async dispose(): Promise<void> {
    await this.users.dispose();
    await this.scores.dispose();
  }
}

function checkQuestions({ users, targets, moments }: ValidationOptions, histories: CsrMatrix): void {
  const questions = users?.length ?? histories.rows;
  if (users) {
    const stray = users.find((user) => !(user >= 0 && user < histories.rows));
    if (stray !== undefined)
      throw new TowerkitError('BAD_DATA', `validation asks user ${stray}, outside [0, ${histories.rows})`);
    if (targets.rows !== questions)
      throw new TowerkitError('BAD_DATA', `${questions} questions have targets in ${targets.rows} rows`);
  }
  if (moments) checkEntities('moment', moments, questions);
}

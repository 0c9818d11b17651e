import { CsrMatrix, frequencyScores, TowerkitError, type FrequencyTerm, type Repeats } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import {
  evaluateFullRanking,
  isRatingMetric,
  type Estimate,
  type MetricKey,
  type RatingMetric,
} from '@towerkit/metrics';
import type { TwoTower } from '@towerkit/towers';

import { BlockScores } from '../inference/block-scores.js';
import { computeItemVectors } from '../inference/item-vectors.js';
import { UserVectors } from '../inference/user-vectors.js';
import { UserVectorsByLength } from '../inference/user-vectors-by-length.js';
import { checkEntities, type Entities } from '../entities.js';
import type { InputRows } from '../tables/input-rows.js';
import { momentInputs, type ModelState } from '../tables/model-state.js';
import { ratingErrors } from './validation-ratings.js';

const BATCH = 128;

/** What can be measured after an epoch: metrics of the ranking, and of predicted ratings. */
export type ValidationMetric = MetricKey | RatingMetric;

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
  /** What is known of who asks at each question, questions x items. Default: the histories of training. */
  readonly histories?: CsrMatrix;
  /**
   * Ratings that were held back, users x items, for the metrics `rmse` and `mae`: of people without a history too, who are no
   * targets of a ranking; asked at a moment of which nothing is known. Default: the values of the targets, of whom `users` says.
   */
  readonly ratings?: CsrMatrix;
  /** What is known of the moment of each question, [questions] rows, for towers that read moments. Default: nothing. */
  readonly moments?: Entities;
  /** Default `hr@10`, `ndcg@10`, `hr@20`. */
  readonly metrics?: readonly ValidationMetric[];
  /** What becomes of the items of a history, see `EvaluationOptions` of `@towerkit/metrics`. Default `exclude`. */
  readonly repeats?: Repeats;
  /** What is added to the scores of the items of a history, see `FrequencyTerm` of `@towerkit/core`. Default: nothing. */
  readonly frequency?: FrequencyTerm;
  /** A seeded sample of so many users, for a quick look at the ranking. Default: all of them. */
  readonly sample?: { readonly users: number; readonly seed: number };
}

/** What a ranking is computed with. */
interface Ranks {
  readonly users: UserVectorsByLength;
  readonly scores: BlockScores;
  /** What repeats are told by, questions x items. */
  readonly known: CsrMatrix;
}

/**
 * Full ranking of a model in training, over every item, histories removed unless the options say otherwise; and errors of its
 * ratings.
 */
export class Validation {
  private constructor(
    readonly model: TwoTower,
    readonly state: ModelState,
    /** Users x items. */
    readonly histories: CsrMatrix,
    readonly options: ValidationOptions,
    readonly engine: Engine,
    readonly ranks: Ranks | undefined,
    readonly raters: UserVectors | undefined,
    readonly moments: Readonly<Record<string, InputRows>>,
  ) {}

  /**
   * @param histories users x items
   * @throws TowerkitError `BAD_DATA` for questions of users that there are not, or what does not fit the questions or the
   *   histories; `NO_RATINGS` for a metric of ratings of a model that predicts none
   */
  static async create(
    model: TwoTower,
    state: ModelState,
    histories: CsrMatrix,
    maxLength: number,
    options: ValidationOptions,
    engine: Engine,
  ): Promise<Validation> {
    const { metrics = DEFAULT_METRICS } = options;
    checkQuestions(options, histories);
    const rated = metrics.find(isRatingMetric);
    if (rated !== undefined && !model.rating)
      throw new TowerkitError('NO_RATINGS', `the model predicts no ratings, which "${rated}" measures`, {
        hint: 'choose the loss mse(), or give twoTower() a rating head and the loss rated()',
      });
    const ranks = metrics.every(isRatingMetric)
      ? undefined
      : {
          users: await UserVectorsByLength.create(
            ...([model, state, BATCH, maxLength, engine] as const),
            options.sample?.users ?? options.targets.rows,
          ),
          scores: await BlockScores.create(histories.columnCounts(), model.dimensions, engine),
          known: options.leftOut ?? askedHistories(histories, options),
        };
    const raters =
      rated !== undefined
        ? await UserVectors.create(model, state, BATCH, maxLength, engine, model.rating!.userVectors)
        : undefined;
    const moments = options.moments ? momentInputs(model, state, options.moments) : {};
    return new Validation(model, state, histories, options, engine, ranks, raters, moments);
  }

  /** Evaluates the model as it is now. @returns metrics in the order asked for */
  async run(onProgress?: (done: number, total: number) => void): Promise<Record<string, Estimate>> {
    const { histories, options, model } = this;
    const { metrics = DEFAULT_METRICS } = options;
    const itemVectors = await computeItemVectors(model, this.state, histories.cols, this.engine);
    const found: Record<string, Estimate> = this.ranks
      ? await this.#ranking(this.ranks, itemVectors, onProgress)
      : {};
    if (this.raters) {
      const { scale } = model.rating!;
      const heldBack = ratingsOf(options);
      Object.assign(
        found,
        await ratingErrors({ ...heldBack, histories, users: this.raters, itemVectors, scale }),
      );
    }
    return Object.fromEntries(metrics.map((metric) => [metric, found[metric]]));
  }

  async dispose(): Promise<void> {
    await this.ranks?.users.dispose();
    await this.ranks?.scores.dispose();
    await this.raters?.dispose();
  }

  async #ranking(
    { users, scores, known }: Ranks,
    itemVectors: Awaited<ReturnType<typeof computeItemVectors>>,
    onProgress?: (done: number, total: number) => void,
  ): Promise<Record<string, Estimate>> {
    const { histories, moments, options } = this;
    const {
      metrics = DEFAULT_METRICS,
      targets,
      sample,
      repeats,
      frequency,
      users: owners,
      histories: asked,
    } = options;
    const whose = (question: number) => owners?.[question] ?? question;
    const rowOf = (question: number) => (asked ? asked.row(question) : histories.row(whose(question)));
    const rowsOf = (questions: Int32Array) => Array.from(questions, rowOf);
    const { blocks, scorer } = scores.scorers(
      itemVectors,
      (questions) => users.compute(rowsOf(questions), questions.map(whose), itemVectors, moments, questions),
      { batch: BATCH, lengthOf: (question) => rowOf(question).length },
    );
    const evaluation = await evaluateFullRanking<MetricKey>({
      items: histories.cols,
      histories: known,
      ...{ targets, sample, repeats },
      metrics: metrics.filter((metric): metric is MetricKey => !isRatingMetric(metric)),
      onProgress: onProgress && (({ done, total }) => onProgress(done, total)),
      ...(!frequency && { blocks }),
      scorer: async (questions, out) => {
        await scorer(questions, out);
        if (frequency)
          rowsOf(questions).forEach((row, place) => {
            for (const [item, more] of frequencyScores(row, frequency))
              out[place * histories.cols + item] += more;
          });
      },
    });
    return { ...evaluation.metrics };
  }
}

/** What is measured where nothing is said. */
export const DEFAULT_METRICS: readonly ValidationMetric[] = ['hr@10', 'ndcg@10', 'hr@20'];

/** Histories of those who ask, questions x items. */
const askedHistories = (histories: CsrMatrix, { users, histories: asked }: ValidationOptions): CsrMatrix =>
  asked ??
  (users
    ? CsrMatrix.fromRows(
        Array.from(users, (user) => histories.row(user)),
        histories.cols,
      )
    : histories);

/** The ratings that were held back, and whose each row holds. */
const ratingsOf = ({ ratings, targets, users }: ValidationOptions) =>
  ratings ? { ratings } : { ratings: targets, owners: users };

function checkQuestions(
  { users, targets, histories: asked, leftOut, ratings, moments }: ValidationOptions,
  histories: CsrMatrix,
): void {
  const questions = users?.length ?? histories.rows;
  const stray = users?.find((user) => !(user >= 0 && user < histories.rows));
  if (stray !== undefined)
    throw new TowerkitError('BAD_DATA', `validation asks user ${stray}, outside [0, ${histories.rows})`);
  for (const [name, matrix, rows] of [
    ['targets', targets, questions],
    ['histories', asked, questions],
    ['leftOut', leftOut, questions],
    ['ratings', ratings, histories.rows],
  ] as const)
    if (matrix && (matrix.rows !== rows || matrix.cols !== histories.cols))
      throw new TowerkitError(
        'BAD_DATA',
        `${name} of validation are ${matrix.rows} x ${matrix.cols}, not ${rows} x ${histories.cols}`,
      );
  if (moments) checkEntities('moment', moments, questions);
}

import { CsrMatrix, TowerkitError } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import { isRatingMetric, type Estimate } from '@towerkit/metrics';

import { unseenItems } from '../data.js';
import type { TrainedModel } from './train-result.js';
import { DEFAULT_METRICS, Validation, type ValidationOptions } from './validation.js';

/** Options of {@link calibrateUnseen}. */
export interface CalibrateUnseenOptions {
  /** Targets to calibrate on, as those of the training. */
  readonly validation: ValidationOptions;
  readonly engine: Engine;
  /** How much every ranking metric over all targets may lose. Default .0005. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
}

/** What came of {@link calibrateUnseen}. */
export interface UnseenCalibration {
  /** The bias that unseen items now have. */
  readonly bias: number;
  /** How many targets are unseen. */
  readonly targets: number;
  /** Of all validation targets, with it. */
  readonly metrics: Readonly<Record<string, Estimate>>;
  /** Of the targets that are unseen in training, without it and with it. */
  readonly unseen: {
    readonly before: Readonly<Record<string, Estimate>>;
    readonly after: Readonly<Record<string, Estimate>>;
  };
}

/** The table of item biases. */
const BIAS = 'item/bias';
/** Values of the bias that are tried. */
const STEPS = 7;
/** Of more users a sample says what a bias costs. */
const MOST = 25_000;
/** Fewer unseen targets than these say nothing of how often they should come. */
const ENOUGH = 30;

/**
 * Gives the items that stand in no training row one bias: the highest that costs no ranking metric over all targets more than the
 * tolerance. Items without an id are trained as if they were as popular as the average, so that those of learned popularity
 * stand before them; how far they may come forward is what the validation targets tell. It is looked for from
 * the distance of the highest and the lowest learned bias on, doubled until it costs too much and then by halving, and written into the
 * model's table.
 *
 * @returns `undefined`, with the model as it was, where fewer than 30 targets are unseen or no such bias brings more of them forward
 * @throws TowerkitError `BAD_TOWER` for a model without item biases or without `idDropout`; what ranking throws; the signal's reason
 */
export async function calibrateUnseen(
  { model, state, data, maxLength }: TrainedModel,
  { validation, engine, tolerance = 0.0005, signal }: CalibrateUnseenOptions,
): Promise<UnseenCalibration | undefined> {
  if (!(BIAS in state.tables) || model.idDropout === 0)
    throw new TowerkitError('BAD_TOWER', 'there is no bias of unseen items to calibrate', {
      hint: 'give twoTower() an idDropout, and leave it its item bias',
    });
  const unseen = unseenItems(data);
  const targets = targetsAmong(validation.targets, new Set(unseen));
  if (targets.entries < ENOUGH) return undefined;
  const metrics = (validation.metrics ?? DEFAULT_METRICS).filter((metric) => !isRatingMetric(metric));
  const rank = (options: ValidationOptions) =>
    Validation.create(model, state, data.histories, maxLength, { ...options, metrics }, engine);
  const sample = { users: MOST, seed: 0 };
  const all = await rank({ ...validation, sample });
  const few = await rank({ ...validation, targets });
  const measured = async () => {
    const whole = await rank(validation);
    return whole.run().finally(() => whole.dispose());
  };
  const { values } = state.tables[BIAS];
  const earlier = unseen.map((item) => values[item]);
  const set = (bias: number) => setUnseenBias({ state, data }, bias);
  try {
    const [base, before] = [await all.run(), await few.run()];
    let [low, high] = [0, Infinity];
    for (let step = 0, bias = spread(values) || 1; step < STEPS; step++) {
      signal?.throwIfAborted();
      set(bias);
      const now = await all.run();
      if (metrics.every((metric) => now[metric].value >= base[metric].value - tolerance)) low = bias;
      else high = bias;
      bias = high === Infinity ? 2 * low : (low + high) / 2;
    }
    set(low);
    const after = await few.run();
    if (metrics.some((metric) => after[metric].value > before[metric].value))
      return { bias: low, targets: targets.entries, metrics: await measured(), unseen: { before, after } };
    unseen.forEach((item, i) => (values[item] = earlier[i]));
    return undefined;
  } finally {
    await all.dispose();
    await few.dispose();
  }
}

/** The highest less the lowest. */
function spread(values: Float32Array): number {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return most - least;
}

/** Gives the items that stand in no training row of a model this bias. */
export function setUnseenBias({ state, data }: Pick<TrainedModel, 'state' | 'data'>, bias: number): void {
  const { values } = state.tables[BIAS];
  for (const item of unseenItems(data)) values[item] = bias;
}

/** The targets that are among some items, row by row. */
const targetsAmong = (targets: CsrMatrix, items: ReadonlySet<number>): CsrMatrix =>
  CsrMatrix.fromRows(
    Array.from({ length: targets.rows }, (_, row) => targets.row(row).filter((item) => items.has(item))),
    targets.cols,
  );

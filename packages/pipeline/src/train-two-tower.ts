import { saveArtifact, type ArtifactManifest } from '@towerkit/artifact';
import { saveEncoders } from '@towerkit/features';
import {
  computeItemVectors,
  itemGates,
  setUnseenBias,
  twoTowerFacts,
  userGates,
  writeTwoTowerFiles,
  type EpochReport,
  type TrainResult,
  type UnseenCalibration,
} from '@towerkit/training';

import { TowerkitError } from './errors.js';
import { referenceScores, type Metrics } from './evaluate/reference-scores.js';
import { summarizeGates, type GateSummary } from './evaluate/summarize-gates.js';
import { calibrated, describeCalibration } from './fit/calibrated.js';
import { fit, refit, type FitTowerOptions } from './fit/fit.js';
import { fitTeacher, openTeacher } from './fit/teacher.js';
import type { Prepared } from './data/prepare.js';
import { refittedContents } from './fit/training-rows.js';
import { contentsOf } from './save/contents.js';
import { costOf } from './save/cost.js';
import { curveOf } from './save/curve.js';
import { meanRating } from './data/ratings.js';

/** Options of {@link trainTwoTower}. */
export interface TrainTwoTowerOptions extends FitTowerOptions {
  /** Whether to train again on training and validation rows together, for as many epochs as were best. Default: what the config says. */
  readonly refit?: boolean;
  /** Folder of local text models, for a teacher that reads texts; the hub when absent. */
  readonly models?: string;
  /** Called before the refit, with its number of epochs. */
  readonly onRefit?: (epochs: number) => void;
}

/** A trained two-tower with its figures, ready to be saved. */
export interface TrainedTwoTower {
  /** True when the signal stopped it; it can then only be resumed. */
  readonly interrupted: false;
  /** The training run that the metrics belong to. */
  readonly fitted: TrainResult;
  /** The epoch whose weights were kept: the best on the validation targets, or the last without early stopping. */
  readonly best: EpochReport;
  /** Seconds of the fit. */
  readonly seconds: number;
  /** On the validation targets. */
  readonly metrics: Metrics;
  /** Popularity, and for a generated shop the ideal ranking, on the same targets. */
  readonly baselines: Readonly<Record<string, Metrics>>;
  /** Mean gate weights by group, where the towers have gates. */
  readonly gates?: GateSummary;
  /** What became of items that nobody has had, where the config says `calibrateUnseen` and there was something to gain. */
  readonly calibration?: UnseenCalibration;
  /** What to say of the training, a line each. */
  readonly notes: readonly string[];
  /** Writes the artifact, whole or not at all. @throws TowerkitError `UNWRITABLE` */
  save(folder: string): Promise<ArtifactManifest>;
}

/**
 * Trains a two-tower on prepared data, keeps the epoch with the best metric on the validation targets, and computes item
 * vectors, baselines and gates for its artifact.
 *
 * @returns the trained two-tower, or `{ interrupted: true }` when the signal stopped it
 * @throws TowerkitError what `train` of `@towerkit/training` and, for a config with `distill`, {@link openTeacher} and {@link fitTeacher} throw
 */
export async function trainTwoTower(
  prepared: Prepared,
  options: TrainTwoTowerOptions,
): Promise<TrainedTwoTower | { readonly interrupted: true }> {
  const { config, models, signal, onProgress } = options;
  const { distill, threads } = config;
  if (!distill || options.teacher) return trainAlone(prepared, options);
  const teacher =
    distill.teacher === undefined
      ? await fitTeacher(distill.baseline!, prepared, config, { signal, onProgress })
      : await openTeacher(distill.teacher, prepared, { threads, models });
  try {
    return await trainAlone(prepared, { ...options, teacher });
  } finally {
    await teacher.dispose();
  }
}

async function trainAlone(
  prepared: Prepared,
  options: TrainTwoTowerOptions,
): Promise<TrainedTwoTower | { readonly interrupted: true }> {
  const { config, model, engine, refit: again = config.refit } = options;
  const { users, moments, features, texts, vectors } = prepared;
  const started = performance.now();
  const fitted = await fit(prepared, options);
  const seconds = (performance.now() - started) / 1000;
  if (fitted.interrupted) return { interrupted: true };
  const best = bestEpoch(fitted);
  const calibration = await calibrated(fitted, prepared, options);
  let kept = fitted;
  if (again) {
    options.onRefit?.(best.epoch);
    kept = await refit(prepared, { ...options, onStart: undefined }, best.epoch); // it was told already
    if (kept.interrupted) return { interrupted: true };
    if (calibration) setUnseenBias(kept, calibration.bias);
  }
  const { metrics } = calibration ?? best;
  const baselines = await referenceScores(prepared, config);
  const itemVectors = await computeItemVectors(model, kept.state, prepared.log.items.size, engine);
  const itemSide = await itemGates(kept, engine);
  const gates = summarizeGates({ item: itemSide, user: await userGates(kept, engine) }, kept.data.histories);
  return {
    interrupted: false,
    fitted,
    best,
    seconds,
    metrics,
    baselines,
    ...(gates && { gates }),
    ...(calibration && { calibration }),
    notes: calibration ? [describeCalibration(calibration)] : [],
    save: (folder) =>
      saveArtifact(folder, {
        ...contentsOf(prepared, config),
        kind: 'two-tower',
        model: {
          ...twoTowerFacts(kept),
          epochs: best.epoch,
          ...costOf(Math.max(seconds, secondsOf(fitted.epochs))), // a run that went on has epochs of earlier processes
          curve: curveOf(fitted.epochs),
          features: { ...features.encodings, ...texts.encodings, ...vectors.encodings },
          ...(users && {
            userFeatures: {
              ...users.features.encodings,
              ...users.texts.encodings,
              ...users.vectors.encodings,
            },
          }),
          ...(moments && {
            momentFeatures: moments.features.encodings,
            ...(moments.time && { momentTime: moments.time }),
          }),
          ...(gates && { gates }),
          ...(config.frequency && { frequency: config.frequency }),
          ...(calibration && { unseenBias: calibration.bias }),
          refit: again,
          ...(model.loss.ratings && meanRating(kept.data.examples?.ratings ?? kept.data.histories.values)),
        },
        ...(again && refittedContents(prepared)),
        metrics: { ...metrics },
        baselines: { ...baselines },
        write: async (into) => {
          await writeTwoTowerFiles(into, kept, itemVectors, itemSide);
          await saveEncoders(into, texts.fitted);
          if (users) await saveEncoders(into, users.texts.fitted, { of: 'user' });
        },
      }),
  };
}

const secondsOf = (epochs: readonly EpochReport[]) => epochs.reduce((sum, { seconds }) => sum + seconds, 0);

function bestEpoch({ epochs, best }: TrainResult): EpochReport {
  const epoch = epochs[(best?.epoch ?? epochs.length) - 1];
  if (epoch) return epoch;
  throw new TowerkitError('EMPTY_DATA', 'no epoch was run');
}

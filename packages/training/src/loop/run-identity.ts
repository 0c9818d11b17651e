import type { CsrMatrix } from '@towerkit/core';
import { isRatingMetric } from '@towerkit/metrics';
import type { Parameters, Tower, TwoTower } from '@towerkit/towers';

import type { RunIdentity } from '../checkpoint/checkpoint.js';
import { fingerprint, graphFingerprint } from '../checkpoint/fingerprint.js';
import type { Entities } from '../entities.js';
import type { Examples } from '../examples.js';
import { stepFunction } from '../step/step-function.js';
import type { EarlyStoppingOptions, TrainOptions } from './options.js';
import { runSettings } from './run-settings.js';
import type { ValidationOptions } from './validation.js';

/** Any sizes do: what a model computes does not depend on them. */
const SMALL = {
  batch: 2,
  steps: 3,
  positions: 4,
  candidates: 5,
  rows: 8,
  pairs: 2,
  unknown: false,
  dislikes: false,
  hard: 0,
  whole: false,
};

/**
 * What a resumed run must share with the one it continues: the model, the data, and the settings that decide what comes
 * next. The model is known by what it says of itself, which names what differs, and by its graph, which decides; data are
 * known by fingerprints of their contents. The vectors that tables started from are not asked for again: what became of
 * them is in the checkpoint.
 *
 * @param parameters the model's dense weights; their shapes count
 */
export function runIdentity(options: TrainOptions, parameters: Parameters): RunIdentity {
  const { model, data, batches, validation, earlyStopping, teacher, hardNegatives, earlier } = options;
  const { histories, items = {}, users = {}, examples, disliked } = data;
  const { scheduleEpochs, seed, optimizer } = runSettings(options);
  const { rows, cols, values } = histories;
  return {
    itemTower: told(model.item),
    userTower: told(model.user),
    loss: { name: model.loss.name, ...model.loss.settings },
    model: {
      dimensions: model.dimensions,
      bias: model.bias,
      normalize: model.normalize,
      idDropout: model.idDropout,
      ...(model.userBias && { userBias: true }),
      ...(model.userIdDropout > 0 && { userIdDropout: model.userIdDropout }),
      ...(model.momentDropout > 0 && { momentDropout: model.momentDropout }),
    },
    graph: modelGraph(model, parameters),
    users: rows,
    items: cols,
    interactions: histories.entries,
    histories: cells(histories),
    ratings: values && fingerprint(values),
    ...(examples && { examples: exampleContents(examples) }),
    ...(disliked && { disliked: cells(disliked) }),
    ...(teacher && { teacher: teacher.name }),
    ...(hardNegatives && { hardNegatives, hardEpochs: scheduleEpochs }),
    ...(earlier?.moments && { earlierSteps: earlier.moments.steps }),
    itemData: contents(items),
    userData: contents(users),
    seed,
    // With a constant rate nothing hangs on the length of the schedule: a run may be continued for longer.
    ...(optimizer.schedule !== 'constant' && { scheduleEpochs }),
    batches: batches ? batchesIdentity(batches) : {},
    optimizer,
    ...(validation && earlyStopping !== false && watchedIdentity(options, validation, earlyStopping)),
  };
}

/** Options of batches, with positions of items by their fingerprint. */
const batchesIdentity = ({ negatives, ...rest }: NonNullable<TrainOptions['batches']>) => ({
  ...rest,
  ...(negatives && {
    negatives:
      negatives === 'all'
        ? negatives
        : negatives.map((drawn) =>
            drawn.proposal.kind === 'nearby'
              ? {
                  ...drawn,
                  proposal: {
                    ...drawn.proposal,
                    positions: fingerprint(Float64Array.from(drawn.proposal.positions)),
                  },
                }
              : drawn,
          ),
  }),
});

/** What the epoch to keep is chosen by. */
function watchedIdentity(
  { model, data }: TrainOptions,
  { targets, users, moments, repeats, leftOut = data.histories, ratings, frequency }: ValidationOptions,
  { metric = 'ndcg@10' }: EarlyStoppingOptions = {},
) {
  if (isRatingMetric(metric)) {
    const { indptr, indices, values } = ratings ?? targets;
    const range = model.rating?.scale.range;
    const of = ratings ? undefined : users;
    return {
      watched: metric,
      heldBack: fingerprint({ indptr, indices, values, of }),
      ...(range && { range }),
    };
  }
  return {
    watched: metric,
    targets: cells(targets),
    ...(users && { asked: fingerprint(users) }),
    ...(moments && { askedAt: contents(moments) }),
    ...(repeats && repeats !== 'exclude' && { repeats }),
    ...(frequency && { frequency }),
    ...(leftOut !== data.histories && { leftOut: cells(leftOut) }),
  };
}

const cells = ({ indptr, indices }: CsrMatrix) => fingerprint({ indptr, indices });

const told = ({ name, dimensions, inputs, settings }: Tower) => ({ name, dimensions, inputs, ...settings });

/** Fingerprints of categories and features, by name. */
function contents({ categories = {}, features = {} }: Entities): Record<string, string> {
  return Object.fromEntries([
    ...Object.entries(categories).map(([name, { codes, size }]) => [name, fingerprint({ codes, size })]),
    ...Object.entries(features).map(([name, { cols, data }]) => [name, fingerprint({ cols, data })]),
  ]);
}

function exampleContents({ moments = {}, ...examples }: Examples): Record<string, unknown> {
  return { of: fingerprint({ ...examples }), moments: contents(moments) };
}

function modelGraph(model: TwoTower, parameters: Parameters): string | undefined {
  const { fn, inputs } = stepFunction(model, parameters, SMALL);
  return graphFingerprint(fn, inputs);
}

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';
import { createEngine, type Engine } from '@towerkit/engine';

import { ContrastStep } from '../src/fit/contrast-step.js';
import { HeadParameters, type HeadShape } from '../src/fit/head-parameters.js';
import { BagTower, FeatureTable, SearchTower } from '../src/index.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

const [batchSize, candidates] = [2, 3];
const rows = batchSize + candidates;
const rng = new Rng(5);
const draws = (size: number) => Float32Array.from({ length: size }, () => rng.normal());

/** The host's own towers, cosines and loss of a batch. */
function naive(
  { sums, sentences, targets, offsets, weights }: Record<string, Float32Array>,
  { dimensions, layers, sentence, share }: HeadShape,
  head: HeadParameters,
  temperature: number,
  margin: number | undefined,
): number {
  const bag = new BagTower(
    new FeatureTable([], { ngrams: [], ngramWeight: 1, pairs: false }),
    new Matrix(0, dimensions),
  );
  const encoder = { dimensions: sentence, encode: () => Promise.reject(new Error()) };
  const tower = new SearchTower({
    bag,
    layers,
    values: head.values,
    ...(sentence > 0 && { sentence: { encoder, share } }),
  });
  const vectors = tower.join(
    new Matrix(rows, dimensions, sums),
    sentence > 0 ? new Matrix(rows, sentence, sentences) : undefined,
  );
  let [sum, weight] = [0, 0];
  for (let r = 0; r < batchSize; r++) {
    const cosines = Array.from({ length: candidates }, (_, c) =>
      vectors.row(r).reduce((total, value, d) => total + value * vectors.row(batchSize + c)[d], 0),
    );
    const target = Array.from(targets.subarray(r * candidates, (r + 1) * candidates));
    const own = cosines.reduce((total, cosine, c) => total + target[c] * cosine, 0);
    const logits = cosines.map((cosine, c) => cosine / temperature + offsets[r * candidates + c]);
    const partition = Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0));
    const loss =
      margin === undefined
        ? logits.reduce((total, logit, c) => total + (target[c] > 0 ? target[c] * (partition - logit) : 0), 0)
        : cosines.reduce((total, cosine, c) => {
            const counts = target[c] === 0 && offsets[r * candidates + c] > -1e8;
            return total + (counts ? Math.max(0, margin - own + cosine) : 0);
          }, 0);
    sum += weights[r] * loss;
    weight += weights[r];
  }
  return sum / weight;
}

test.each<[string, HeadShape, number | undefined, boolean]>([
  ['sums of features alone', { dimensions: 2, layers: [], sentence: 0, share: 0 }, undefined, false],
  ['a margin', { dimensions: 2, layers: [], sentence: 0, share: 0 }, 0.4, false],
  [
    'a layer with layer norm, beside sentences',
    { dimensions: 3, layers: [{ units: 4, norm: 'layer' }], sentence: 2, share: 0.3 },
    undefined,
    true,
  ],
  [
    'two layers',
    {
      dimensions: 3,
      layers: [
        { units: 4, norm: 'none' },
        { units: 2, norm: 'none' },
      ],
      sentence: 0,
      share: 0,
    },
    undefined,
    false,
  ],
])(
  'the loss of %s is that of the formula, and its derivatives are those of finite differences',
  async (_, shape, margin, learned) => {
    const head = new HeadParameters(shape, learned ? 0.5 : undefined);
    for (const name of head.learned.filter((one) => one !== 'log-temperature'))
      head.values[name].data.forEach((value, k, all) => (all[k] = value + 0.3 * rng.normal()));
    const step = await ContrastStep.compile(
      engine,
      {
        batchSize,
        candidates,
        head: shape,
        temperature: 0.5,
        dropout: 0,
        ...(margin !== undefined && { margin }),
      },
      head,
    );
    const batch = {
      sums: draws(rows * shape.dimensions),
      ...(shape.sentence > 0 && { sentences: draws(rows * shape.sentence) }),
      targets: Float32Array.of(0.75, 0.25, 0, 0, 1, 0),
      offsets: Float32Array.of(0, 0, 0, 0, -0.3, -1e9),
      weights: Float32Array.of(1, 0.5),
    };
    const result = await step.run(batch, rng);
    const loss = () => naive(batch as unknown as Record<string, Float32Array>, shape, head, 0.5, margin);
    expect(result.loss).toBeCloseTo(loss(), 4);
    const check = (values: Float32Array, gradient: Float32Array) =>
      gradient.forEach((value, at) => {
        const before = values[at];
        const moved = (by: number) => {
          values[at] = before + by;
          return loss();
        };
        const slope = (moved(1e-2) - moved(-1e-2)) / 2e-2;
        values[at] = before;
        expect(Math.abs(value - slope)).toBeLessThan(0.02 * (1 + Math.abs(slope)));
      });
    check(batch.sums, result.sums);
    for (const name of head.learned.filter((one) => one !== 'log-temperature'))
      check(head.values[name].data, result.head[name]);
    await step.dispose();
  },
);

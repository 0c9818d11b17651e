import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Rng, type Repeats } from '@towerkit/core';
import type { MetricKey } from '@towerkit/metrics';
import { createEngine } from '@towerkit/engine';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  buildModel,
  checkConfig,
  compareArtifacts,
  evaluateArtifact,
  prepare,
  shapesOf,
  trainBaseline,
  trainTwoTower,
} from '../src/index.js';
import { datasetOf, open, opened, saveBaseline, type Rows } from './toy.js';

const MODES: Repeats[] = ['exclude', 'allow', 'only'];
const METRICS: MetricKey[] = ['hr@1', 'recall@5', 'mrr'];

/** Forty households who mostly buy again what they bought, of twenty-five products; the last rows are the targets. */
function groceries(): Rows {
  const rng = new Rng(11);
  return Object.fromEntries(
    Array.from({ length: 40 }, (_, user) => {
      const own = Array.from({ length: 3 }, () => rng.integer(25));
      const basket = () => (rng.uniform() < 0.75 ? own[rng.integer(3)] : rng.integer(25));
      return [`h${user}`, Array.from({ length: 4 + rng.integer(8) }, () => `p${basket()}`)];
    }),
  );
}
const ROWS = groceries();

/** Reciprocal ranks of the targets by counts of the history, then of all training rows; ties against the target. */
function oracle(repeats: Repeats) {
  const train = Object.values(ROWS).map((own) => own.slice(0, -1));
  const times = (all: readonly string[], item: string) => all.filter((one) => one === item).length;
  const all = train.flat();
  const items = [...new Set(Object.values(ROWS).flat())];
  let dropped = 0;
  const reciprocal: number[] = [];
  Object.values(ROWS).forEach((own, user) => {
    const history = train[user];
    const target = own.at(-1)!;
    const isRanked = (item: string) => repeats === 'allow' || history.includes(item) === (repeats === 'only');
    if (!isRanked(target)) {
      dropped++;
      return;
    }
    const better = (item: string) =>
      times(history, item) > times(history, target) ||
      (times(history, item) === times(history, target) && times(all, item) >= times(all, target));
    reciprocal.push(
      1 / (1 + items.filter((item) => item !== target && isRanked(item) && better(item)).length),
    );
  });
  return { dropped, users: reciprocal.length, mrr: reciprocal.reduce((a, b) => a + b) / reciprocal.length };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-repeats-'));
  await saveBaseline(join(folder, 'personal'), 'personal-popularity', ROWS, { metrics: METRICS });
  await saveBaseline(join(folder, 'allow'), 'popularity', ROWS, { metrics: METRICS, repeats: 'allow' });
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(MODES)('repeats: %s', (repeats) => {
  const { dropped, users, mrr } = oracle(repeats);

  test('an artifact is measured as the rules spelled out have it, and what is left out is counted', async () => {
    const found = await opened(join(folder, 'personal'), (artifact) =>
      evaluateArtifact(artifact, { repeats }),
    );
    expect(found).toMatchObject({ repeats, users });
    const reason = repeats === 'only' ? 'newItem' : 'repeat';
    expect(found.leftOut).toMatchObject({ repeat: 0, newItem: 0, [reason]: dropped });
    expect(found.leftOutTargets).toEqual({ repeat: 0, newItem: 0, [reason]: dropped });
    expect(found.metrics.mrr.value).toBeCloseTo(mrr, 10);
    expect(Object.keys(found.baselines)).toEqual(
      repeats === 'exclude' ? ['popularity'] : ['popularity', 'personal-popularity'],
    );
    if (repeats !== 'exclude') expect(found.baselines['personal-popularity']).toEqual(found.metrics);
  });

  test('a baseline is fitted and measured under it, and its artifact keeps it as the default', async () => {
    const config = checkConfig({ name: 'shop', threads: 1, metrics: METRICS, repeats });
    const prepared = await prepare(datasetOf(ROWS), config);
    const trained = await trainBaseline('personal-popularity', prepared, config);
    expect(trained.metrics.mrr.value).toBeCloseTo(mrr, 10);
    const at = join(folder, `kept-${repeats}`);
    await trained.save(at);
    await opened(at, async (artifact) => {
      const kept = await evaluateArtifact(artifact);
      expect(kept.repeats).toBe(repeats);
      expect(kept.metrics).toEqual(trained.metrics);
      const { items } = await artifact.recommend({ user: 'h0' }, 25);
      const had = new Set(ROWS.h0);
      const repeated = items.filter(({ id }) => had.has(id)).length;
      if (repeats === 'exclude') expect(repeated).toBe(0);
      else expect(repeated).toBe(had.size);
      if (repeats === 'only') expect(items.length).toBe(had.size);
    });
  });

  test('validation, and with it early stopping, measures the same', async () => {
    const config = checkConfig({
      ...{ name: 'shop', threads: 1, metrics: METRICS, repeats, epochs: 2, maxLength: 5 },
      negatives: [{ kind: 'uniform', count: 20 }],
    });
    const prepared = await prepare(datasetOf(ROWS), config);
    const engine = await createEngine({ threads: 1 });
    try {
      const model = buildModel(config, shapesOf(prepared));
      const trained = await trainTwoTower(prepared, { config, model, engine });
      if (trained.interrupted) throw new Error('interrupted');
      const at = join(folder, `tower-${repeats}`);
      await trained.save(at);
      const again = await opened(at, (artifact) => evaluateArtifact(artifact));
      expect(again.repeats).toBe(repeats);
      expect(again.users).toBe(users);
      for (const metric of METRICS)
        expect(again.metrics[metric].value).toBeCloseTo(trained.metrics[metric].value, 6);
      expect(again.baselines).toEqual(trained.baselines);
    } finally {
      await engine.dispose();
    }
  });
});

test('artifacts are compared under what the first one says, or the caller', async () => {
  const folders = [join(folder, 'allow'), join(folder, 'personal')];
  const { repeats, users, models } = await compareArtifacts(folders, open);
  expect([repeats, users]).toEqual(['allow', 40]);
  expect(models[1].metrics.mrr.value).toBeCloseTo(oracle('allow').mrr, 10);
  const only = await compareArtifacts(folders, open, { repeats: 'only' });
  expect(only).toMatchObject({ repeats: 'only', users: oracle('only').users });
  expect(only.leftOutTargets.newItem).toBe(oracle('only').dropped);
  expect(only.models[1].metrics.mrr.value).toBeCloseTo(oracle('only').mrr, 10);
});

test('other values, and repeats of a hybrid, are refused', async () => {
  expect(() => checkConfig({ name: 'a', repeats: 'both' })).toThrow(
    expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringMatching(/^config: repeats: /) }),
  );
  expect(() => checkConfig({ name: 'a', repeats: 'allow', hybrid: {} })).toThrow(
    expect.objectContaining({ code: 'BAD_CONFIG' }),
  );
  await opened(join(folder, 'personal'), (artifact) =>
    expect(evaluateArtifact(artifact, { repeats: 'both' as Repeats })).rejects.toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    ),
  );
});

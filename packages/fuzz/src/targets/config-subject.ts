import { createEngine } from '@towerkit/engine';
import {
  baselineNames,
  buildModel,
  checkConfig,
  locateDataset,
  prepare,
  shapesOf,
  trainBaseline,
  trainTwoTower,
  type ResolvedConfig,
} from '@towerkit/pipeline';
import { join } from 'node:path';

import type { ConfigCase } from './config.js';

/** The largest number that a config may hold to be trained with: what it asks for is done in a second or two. */
const MODEST = 5000;
/** Baselines, and as many again that are towers. */
const MODELS = 2 * baselineNames.length;
/** As small as a shop may be, nearly. */
const SHOP = { users: 100, items: 100 };

/** Checks a config; trains with it where it is small. */
export async function tryConfig({ config: given, model }: ConfigCase, folder: string): Promise<void> {
  const config = checkConfig(given);
  if (model >= MODELS || !isModest(config)) return;
  const { features, ...data } = config.data;
  const generate = { ...(data.generate ?? {}), ...SHOP } as NonNullable<typeof data.generate>;
  const small: ResolvedConfig = {
    ...config,
    data: { ...data, features, generate: generate.interactionsPerUser > 50 ? undefined : generate },
    epochs: 1,
    threads: 1,
    model: undefined,
    hybrid: undefined,
  };
  const dataset = await locateDataset(small.data, undefined, join(folder, 'data'));
  const prepared = await prepare(dataset, small);
  const name = baselineNames[model];
  if (name !== undefined) {
    const trained = await trainBaseline(name, prepared, small);
    try {
      await trained.save(join(folder, 'artifact'));
    } finally {
      await trained.model.dispose?.();
    }
    return;
  }
  const engine = await createEngine({
    kind: 'onnx',
    threads: 1,
    executionProviders: small.executionProviders,
  });
  try {
    const trained = await trainTwoTower(prepared, {
      config: small,
      model: buildModel(small, shapesOf(prepared)),
      engine,
    });
    if (!trained.interrupted) await trained.save(join(folder, 'artifact'));
  } finally {
    await engine.dispose();
  }
}

function isModest(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) <= MODEST;
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isModest);
}

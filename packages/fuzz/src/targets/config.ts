import { configSchema } from '@towerkit/pipeline';
import fc from 'fast-check';
import { z } from 'zod';

import { valuesOf, type Schema } from '../generate/schema-values.js';
import type { Target } from '../run/target.js';
import { Victim } from '../victim/victim.js';

/** A config, and which of the models is fitted with it where it is small enough. */
export interface ConfigCase {
  readonly config: unknown;
  /** Past the models there are: it is only checked, as most are. */
  readonly model: number;
}

/** Milliseconds to check a config and fit a model to a small shop for an epoch. */
const LIMIT = 60_000;

const HINTS = {
  texts: ['shop', 'a', 'title', 'category', 'price', 'cpu', 'user', 'item', 'rating', 'hour', 'data.csv'],
  named: {
    metrics: [['hr@10'], ['ndcg@10', 'hr@5'], ['auc', 'mrr'], ['hr@0'], ['recall@1e9']],
    metric: ['hr@10', 'ndcg@10', 'mrr', 'hr'],
    batchSize: [8, 64, 1024],
    maxLength: [1, 5, 20],
    epochs: [1, 2],
    seed: [0, 7],
    executionProviders: [['cpu']],
    threads: [1],
    dataset: [undefined],
    path: [undefined],
    hybrid: [undefined],
    time: [['hour'], ['weekday', 'month']],
    dislikes: [{ below: 3 }],
    kCore: [undefined, { users: 2 }],
    split: [{ kind: 'leave-last-out' }, { kind: 'random', validation: 0.5 }],
  },
  spoilt: 2,
};

/** Configs made from the schema that checks them, right and wrong; small right ones are trained with for an epoch. */
export const config = (codes: ReadonlySet<string>): Target<ConfigCase> => ({
  name: 'config',
  artifacts: [],
  cases() {
    const schema = z.toJSONSchema(configSchema, { unrepresentable: 'any', io: 'input' }) as Schema;
    return fc.record({ config: valuesOf(schema, HINTS), model: fc.nat(79) });
  },
  open: (fixtures, folder) =>
    Victim.open(
      {
        subject: 'config',
        folder,
        fixtures: fixtures.folder,
        codes,
        limit: LIMIT,
        about: () => 'config',
      },
      [{ config: { name: 'shop', data: { generate: {} } }, model: 0 }],
    ),
});

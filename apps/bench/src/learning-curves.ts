/**
 * How a model that learns in epochs gets better with time, on Gowalla's validation part: Recall@20 and NDCG@20 over
 * all its users and items, training items removed. The seconds are of training alone.
 *
 *     node dist/learning-curves.js --data FOLDER --model lightgcn|bpr-mf [--minutes 30] [--every 60] [--options JSON]
 */
import { BprMf, LightGcn, type EpochReport } from '@towerkit/baselines';
import type { Recommender } from '@towerkit/core';
import { evaluateFullRanking } from '@towerkit/metrics';

import { flags, print } from './arguments.js';
import { gowalla } from './gowalla.js';
import { machine } from './machine.js';

const args = flags({
  data: '../../../shared/datasets/gowalla',
  model: 'lightgcn',
  minutes: '30',
  every: '60',
  threads: '2',
  options: '{}',
});
const threads = Number(args.threads);
print(
  `${machine()}; ${args.model}, ${args.minutes} minutes of training, ${threads} threads, ${args.options}`,
);
const { train, validation } = await gowalla(args.data);

const judge = (model: Recommender) =>
  evaluateFullRanking({
    items: train.cols,
    histories: train,
    targets: validation,
    scorer: (users, out) =>
      model.score(
        Array.from(users, (user) => train.row(user)),
        out,
        users,
      ),
    metrics: ['recall@20', 'ndcg@20'],
    batchSize: 256,
  });

let next = 0;
let best = 0;
const onEpoch = async ({ epoch, seconds, loss, snapshot }: EpochReport<Recommender>) => {
  const stop = seconds >= 60 * Number(args.minutes);
  if (seconds < next && !stop) return {};
  next = seconds + Number(args.every);
  const model = await snapshot();
  const { metrics } = await judge(model);
  await model.dispose?.();
  const [recall, ndcg] = [metrics['recall@20'], metrics['ndcg@20']];
  print(
    `epoch ${epoch}  ${seconds.toFixed(0)} s  loss ${loss.toFixed(4)}  Recall@20 ${recall.value.toFixed(4)}  NDCG@20 ${ndcg.value.toFixed(4)}`,
  );
  const isBest = recall.value > best;
  if (isBest) best = recall.value;
  return { best: isBest, stop };
};

const common = { epochs: 100_000, threads, seed: 1, ...(JSON.parse(args.options) as object) };
const model = args.model === 'lightgcn' ? new LightGcn(common) : new BprMf(common);
await model.fit(train, { onEpoch: onEpoch as never });
const { metrics, users } = await judge(model);
for (const [name, { value, low, high }] of Object.entries(metrics))
  print(`best: ${name} ${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}], ${users.length} users`);
await model.dispose?.();

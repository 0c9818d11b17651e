import { table } from './tables.js';
import type { RankingEvaluation, RatingEvaluation, StageReport } from '@towerkit/hybrid/fit';

const whole = (value: number) => Math.round(value).toLocaleString('en');
const between = ({ value, low, high }: { value: number; low: number | null; high: number | null }) =>
  low === null || high === null
    ? value.toFixed(4)
    : `${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
const chance = (p: number | undefined) =>
  p === undefined ? '' : p < 0.0001 ? '<.0001' : p.toFixed(4).replace(/^0/, '');

/** Rating errors by group and model; p of a paired test of the squared errors against the hybrid's. */
export const ratingTable = (evaluation: RatingEvaluation): string =>
  table([
    ['users', 'rows', 'model', 'RMSE', 'MAE', 'p'],
    ...Object.entries(evaluation).flatMap(([group, models]) =>
      Object.entries(models).map(([model, { rmse, mae, difference }]) => [
        group,
        whole(rmse.ratings),
        model,
        between(rmse),
        between(mae),
        chance(difference?.p),
      ]),
    ),
  ]);

/** Rankings by group and model; p of a paired test of NDCG@10 against the hybrid's. */
export const rankingTable = ({ groups }: RankingEvaluation): string =>
  table([
    ['users', 'rows', 'model', 'NDCG@10', 'HR@10', 'p'],
    ...Object.entries(groups).flatMap(([group, models]) =>
      Object.entries(models).map(([model, { metrics, difference }]) => [
        group,
        whole(metrics['ndcg@10'].users),
        model,
        between(metrics['ndcg@10']),
        between(metrics['hr@10']),
        chance(difference?.['ndcg@10'].p),
      ]),
    ),
  ]);

/** How long each stage took. */
export const stagesTable = (reports: readonly StageReport[]): string =>
  table([
    ['stage', 'seconds', ''],
    ...reports.map(({ stage, seconds, reused }) => [stage, seconds.toFixed(2), reused ? 'as before' : '']),
  ]);

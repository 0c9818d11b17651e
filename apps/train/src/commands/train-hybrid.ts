import type { Reviews } from '@towerkit/hybrid/fit';
import { trainHybrid, type HybridRun, type LocatedDataset } from '@towerkit/pipeline';
import { relative } from 'node:path';

import type { Console } from '../report/console.js';
import { rankingTable, ratingTable, stagesTable } from '../report/hybrid-tables.js';
import { peakMemory } from '../report/progress.js';
import { interruptible } from './interruptible.js';

/** `towerkit train` for a hybrid. */
export async function trainHybridCommand(
  dataset: LocatedDataset,
  config: HybridRun,
  artifact: string,
  { models }: { readonly models?: string },
  out: Console,
): Promise<number> {
  return interruptible(
    async (display, signal) => {
      const { reviews, ratings, ranking, folds, stages, parameters, memory } = await trainHybrid(
        dataset,
        config,
        artifact,
        {
          models,
          signal,
          onProgress: display.update,
          onStage({ stage, seconds, reused }) {
            display.stop();
            out.note(`${stage}: ${reused ? 'as before' : `${seconds.toFixed(1)} s`}`);
          },
          onReviews: (reviews) => describe(dataset.name, reviews).forEach((line) => out.note(line)),
        },
      );
      display.stop();
      const { log } = reviews;
      out.show(
        `\nratings of the rows held back, without negatives (p: squared errors, paired)\n${ratingTable(ratings)}`,
      );
      out.show(
        `\nthe product taken, among all ${log.items.size}; ${ranking.repeats} repeats are left out (p: NDCG@10, paired)\n${rankingTable(ranking)}`,
      );
      folds?.forEach((fold, number) =>
        out.show(`\nfold ${number + 1} in time\n${ratingTable({ all: fold.ratings.all })}`),
      );
      out.show(`\n${stagesTable(stages)}\n\nthe artifact is in ${relative('', artifact) || '.'}`);
      out.result({
        artifact,
        dataset: { users: log.users.size, items: log.items.size, interactions: log.user.length },
        lacks: reviews.lacks,
        ...{ parameters, memory, ratings, ranking },
        ...(folds && { folds }),
        stages,
        peak_memory_bytes: peakMemory(),
      });
    },
    () => out.note('stopping after this step; Ctrl-C again ends at once'),
  );
}

function describe(name: string, { log, anonymous, lacks, skipped }: Reviews): string[] {
  const count = (value: number) => value.toLocaleString('en');
  const nobody = log.user.reduce((sum, user) => sum + anonymous[user], 0);
  return [
    `${name}: ${count(log.user.length)} reviews, ${count(log.users.size)} users, ${count(log.items.size)} products; ${count(nobody)} reviews are anonymous`,
    ...(skipped > 0 ? [`${count(skipped)} unusable rows skipped`] : []),
    ...lacks.map((line) => `  ${line}`),
  ];
}

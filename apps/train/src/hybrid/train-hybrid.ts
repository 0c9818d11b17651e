import { splitBy } from '@towerkit/data';
import { createEngine } from '@towerkit/engine';
import { join, relative } from 'node:path';

import { saveArtifact } from '../artifact/save.js';
import { Interrupted, onInterrupt } from '../commands/interrupt.js';
import type { TrainFlags } from '../commands/train.js';
import type { ResolvedConfig } from '../config/schema.js';
import type { LocatedDataset } from '../pipeline/locate-dataset.js';
import type { Prepared } from '../pipeline/prepare.js';
import type { Console } from '../report/console.js';
import { peakMemory } from '../report/peak-memory.js';
import { progressDisplay } from '../report/progress.js';
import { textPlaces } from '../text/text-encoding.js';
import { fitHybrid, type FittedHybrid, type HybridOptions } from './fit-hybrid.js';
import { hybridFacts, writeHybridFiles } from './hybrid-files.js';
import { judgeHybrid, type HybridVerdict } from './judge-hybrid.js';
import { readReviews, type Reviews } from './read-reviews.js';
import { rankingTable, ratingTable, stagesTable } from './report.js';
import type { HybridConfig } from './schema.js';
import { holdBack, temporalFolds, type RowSplit } from './split.js';
import { Stages } from './stages.js';

/** A config that asks for a hybrid. */
export type HybridRun = ResolvedConfig & { readonly hybrid: HybridConfig };

/**
 * `towerkit train` for a hybrid: reads and cleans, encodes, fits, judges and saves. What every stage made is kept in
 * `<out>.stages` for the next run.
 */
export async function trainHybrid(
  dataset: LocatedDataset,
  config: HybridRun,
  artifact: string,
  flags: TrainFlags,
  out: Console,
): Promise<number> {
  const { hybrid, seed, threads } = config;
  const display = progressDisplay();
  const interrupt = onInterrupt(() => {
    display.stop();
    out.note('stopping after this step; Ctrl-C again ends at once');
  });
  const stages = new Stages(`${artifact}.stages`, ({ stage, seconds, reused }) => {
    display.stop();
    out.note(`${stage}: ${reused ? 'as before' : `${seconds.toFixed(1)} s`}`);
  });
  let fitted: FittedHybrid | undefined;
  const engine = await createEngine({
    kind: config.engine,
    threads,
    executionProviders: config.executionProviders,
  });
  try {
    const reviews = await stages.always('reading and cleaning', () =>
      readReviews(dataset, hybrid, { onBadRow: config.data.onBadRow, seed }, display.update),
    );
    describe(dataset, reviews).forEach((line) => out.note(line));
    const options: HybridOptions = {
      hybrid,
      seed,
      threads,
      engine,
      places: textPlaces(artifact, flags),
      stages,
      onProgress: display.update,
      signal: interrupt.signal,
    };
    const split = holdBack(reviews.order, hybrid.heldBack);
    fitted = await fitHybrid(reviews, split, options);
    const made = fitted;
    const verdict = await stages.always('judging', () =>
      judgeHybrid(reviews, split, made, { seed, sample: hybrid.ranked }),
    );
    await stages.always('saving', () => save(artifact, dataset, config, reviews, split, made, verdict));
    const folds = hybrid.folds > 0 ? await crossValidate(reviews, options, artifact) : undefined;
    display.stop();
    out.show(
      `\nratings of the rows held back, without negatives (p: squared errors, paired)\n${ratingTable(verdict.ratings)}`,
    );
    out.show(
      `\nthe product taken, among all ${reviews.log.items.size}; ${verdict.ranking.repeats} repeats are not asked (p: NDCG@10, paired)\n${rankingTable(verdict.ranking)}`,
    );
    folds?.forEach((fold, number) =>
      out.show(`\nfold ${number + 1} in time\n${ratingTable({ all: fold.ratings.all })}`),
    );
    out.show(`\n${stagesTable(stages.reports)}\n\nthe artifact is in ${relative('', artifact) || '.'}`);
    out.result({
      artifact,
      dataset: {
        users: reviews.log.users.size,
        items: reviews.log.items.size,
        interactions: reviews.log.user.length,
      },
      lacks: reviews.lacks,
      parameters: made.networks.rating.parameters,
      memory: made.recommender.parts.memoryWeights,
      ...verdict,
      ...(folds && { folds }),
      stages: stages.reports,
      peak_memory_bytes: peakMemory(),
    });
    return 0;
  } catch (error) {
    if (interrupt.signal.aborted) throw new Interrupted();
    throw error;
  } finally {
    display.stop();
    interrupt.release();
    await fitted?.recommender.dispose();
    await engine.dispose();
  }
}

function describe({ name }: LocatedDataset, { log, anonymous, lacks, skipped }: Reviews): string[] {
  const count = (value: number) => value.toLocaleString('en');
  const nobody = log.user.reduce((sum, user) => sum + anonymous[user], 0);
  return [
    `${name}: ${count(log.user.length)} reviews, ${count(log.users.size)} users, ${count(log.items.size)} products; ${count(nobody)} reviews are anonymous`,
    ...(skipped > 0 ? [`${count(skipped)} unusable rows skipped`] : []),
    ...lacks.map((line) => `  ${line}`),
  ];
}

/** The artifact: what every model has, and the hybrid's own files. */
async function save(
  artifact: string,
  dataset: LocatedDataset,
  config: HybridRun,
  reviews: Reviews,
  { test }: RowSplit,
  fitted: FittedHybrid,
  verdict: HybridVerdict,
): Promise<void> {
  const { log, catalog, names } = reviews;
  const part = new Uint8Array(log.user.length);
  for (const row of test) part[row] = 1;
  const split = splitBy(log, part);
  const prepared = { dataset, log, catalog, split, fingerprint: reviews.fingerprint } as Prepared;
  const { hybrid: own, ...others } = verdict.ranking.groups.all ?? {};
  const metrics = (result: typeof own) => ({ ...result?.metrics });
  await saveArtifact(artifact, prepared, {
    config,
    kind: 'hybrid',
    facts: { ...hybridFacts(fitted, reviews, config.hybrid), ratings: verdict.ratings },
    write: (into) => writeHybridFiles(into, fitted, reviews),
    metrics: metrics(own),
    baselines: Object.fromEntries(Object.entries(others).map(([name, result]) => [name, metrics(result)])),
    titles: names,
    refit: false,
  });
}

/** Each fold fitted and judged in turn; their stages are kept apart from the model's own. */
async function crossValidate(
  reviews: Reviews,
  options: HybridOptions,
  artifact: string,
): Promise<HybridVerdict[]> {
  const verdicts: HybridVerdict[] = [];
  for (const [number, split] of temporalFolds(reviews, options.hybrid.folds).entries()) {
    const stages = new Stages(join(`${artifact}.stages`, `fold-${number + 1}`));
    const fitted = await options.stages.always(`fold ${number + 1}`, () =>
      fitHybrid(reviews, split, { ...options, stages }),
    );
    verdicts.push(
      await judgeHybrid(reviews, split, fitted, { seed: options.seed, sample: options.hybrid.ranked }),
    );
    await fitted.recommender.dispose();
  }
  return verdicts;
}

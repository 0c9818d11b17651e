import { verifyArtifact } from '@towerkit/artifact';
import type { Repeats } from '@towerkit/core';
import { evaluateArtifact, evaluateSearch, modelKinds } from '@towerkit/pipeline';
import { openArtifact } from '@towerkit/recommend';

import { Console } from '../report/console.js';
import { progressDisplay } from '../report/progress.js';
import { describeRatings, describeUnknown, ratingsResult, unknownResult } from '../report/target-file.js';
import { metricsOf } from './flag-values.js';
import { describeLeftOut, describeRepeats, leftOutResult } from '../report/left-out.js';
import {
  describeUndefined,
  describeUnknownMoment,
  groupsTable,
  metricsTable,
  targetsTitle,
  undefinedFor,
} from '../report/tables.js';

/** Flags of `towerkit evaluate`. */
export interface EvaluateFlags {
  readonly artifact: string;
  readonly data?: string;
  readonly targets?: string;
  readonly on?: 'validation' | 'test';
  readonly users?: number;
  readonly models?: string;
  readonly repeats?: Repeats;
  /** Metrics beside those of the config, separated by commas. */
  readonly metrics?: string;
  readonly json?: boolean;
}

export async function evaluate(flags: EvaluateFlags): Promise<number> {
  const { data, targets, on, users: sample, repeats } = flags;
  const out = new Console(flags.json === true);
  if ((await verifyArtifact(flags.artifact)).manifest.kind === 'search') return evaluateQueries(flags, out);
  const artifact = await openArtifact(flags.artifact, { kinds: modelKinds });
  const progress = progressDisplay();
  try {
    const evaluation = await evaluateArtifact(artifact, {
      ...{ data, targets, on, sample, repeats },
      metrics: metricsOf(flags.metrics),
      onProgress: progress.update,
    });
    progress.stop();
    const { users, unknownItems, unknownMoment, metrics, baselines, groups, chosenOn } = evaluation;
    out.show(`${users} users, ${targetsTitle(evaluation.on)}, ${describeRepeats(evaluation)}`);
    out.show(describeLeftOut(evaluation));
    const { unknown, ratings } = evaluation;
    if (unknown) out.show(describeUnknown(unknown));
    const strangers = unknownItems.histories > 0 || (!unknown && unknownItems.targets > 0);
    const undefinedOf = undefinedFor(metrics);
    if (strangers)
      out.show(
        `rows of items that the artifact does not know: ${unknownItems.targets} targets, ` +
          `${unknownItems.histories} of the histories`,
      );
    for (const line of describeUnknownMoment('the model', unknownMoment)) out.show(line);
    if (chosenOn) out.show(`the epoch of this model was chosen on the ${chosenOn} targets`);
    out.show(`\n${metricsTable({ [artifact.model.kind]: metrics, ...baselines })}`);
    for (const line of describeUndefined(metrics)) out.show(line);
    if (ratings) out.show(`\n${describeRatings(ratings)}`);
    if (Object.keys(groups).length > 0) out.show(`\n${groupsTable(groups)}`);
    out.result({
      artifact: flags.artifact,
      targets: targets ?? evaluation.on,
      ...(chosenOn && { chosen_on: chosenOn }),
      users,
      repeats: evaluation.repeats,
      ...leftOutResult(evaluation, undefinedOf),
      ...(unknown && { unknown: unknownResult(unknown) }),
      ...(unknownMoment && { unknown_moment: unknownMoment }),
      ...(ratings && { ratings: ratingsResult(ratings) }),
      ...(strangers && { unknown_items: unknownItems }),
      ...{ metrics, baselines, groups },
    });
    return 0;
  } finally {
    progress.stop();
    await artifact.dispose();
  }
}

/** The same of a search: judged queries in place of users. */
async function evaluateQueries(flags: EvaluateFlags, out: Console): Promise<number> {
  const { artifact, targets, on, models } = flags;
  const evaluation = await evaluateSearch(artifact, { targets, on, models, references: !!models });
  const { metrics, baselines, groups, queries, leakage, unknownProducts } = evaluation;
  out.show(`${queries} queries, ${targetsTitle(evaluation.on)}; what nobody judged counts as irrelevant`);
  out.show(`\n${metricsTable({ tower: metrics, ...baselines })}`);
  for (const [name, models] of Object.entries(groups)) out.show(`\n${name}\n${metricsTable(models)}`);
  const counts = { queries, unknown_products: unknownProducts, leakage };
  out.result({ artifact, targets: targets ?? evaluation.on, ...counts, metrics, baselines, groups });
  return 0;
}

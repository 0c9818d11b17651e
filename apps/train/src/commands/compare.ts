import type { Repeats } from '@towerkit/core';
import { compareArtifacts, modelKinds, frequencyGroups } from '@towerkit/pipeline';
import { openArtifact } from '@towerkit/recommend';

import { Console } from '../report/console.js';
import { describeLeftOut, describeRepeats, leftOutResult } from '../report/left-out.js';
import { progressDisplay } from '../report/progress.js';
import { metricsOf } from './flag-values.js';
import {
  comparisonTable,
  describeUndefined,
  describeUnknownMoment,
  groupTitle,
  targetsTitle,
} from '../report/tables.js';

/** Flags of `towerkit compare`. */
export interface CompareFlags {
  readonly artifacts: string;
  readonly targets?: string;
  readonly on?: 'validation' | 'test';
  readonly users?: number;
  readonly repeats?: Repeats;
  /** Metrics beside those of the first config, separated by commas. */
  readonly metrics?: string;
  readonly json?: boolean;
}

export async function compare({
  artifacts,
  targets,
  on,
  users: sample,
  repeats,
  metrics,
  json,
}: CompareFlags): Promise<number> {
  const out = new Console(json === true);
  const progress = progressDisplay();
  try {
    const folders = artifacts.split(',').flatMap((folder) => folder.trim() || []);
    const open = (folder: string) => openArtifact(folder, { kinds: modelKinds });
    const compared = await compareArtifacts(folders, open, {
      ...{ targets, on, sample, repeats },
      metrics: metricsOf(metrics),
      onProgress: progress.update,
    });
    progress.stop();
    const { users, models } = compared;
    out.show(
      `${users} users, ${targetsTitle(compared.on)}, ${describeRepeats(compared)}; p is of a paired test against the first`,
    );
    out.show(describeLeftOut(compared));
    for (const { artifact, unknownMoment } of models)
      for (const line of describeUnknownMoment(artifact, unknownMoment)) out.show(line);
    out.show(`\n${comparisonTable(models)}`);
    for (const line of describeUndefined(models[0].metrics)) out.show(line);
    for (const group of frequencyGroups) {
      const within = models.flatMap(({ groups, ...model }) => {
        const result = groups[group];
        return result ? [{ ...model, ...result }] : [];
      });
      if (within.length > 0) out.show(`\n${groupTitle(group)}\n${comparisonTable(within)}`);
    }
    out.result({
      targets: targets ?? compared.on,
      repeats: compared.repeats,
      users,
      ...leftOutResult(compared),
      models: models.map(({ unknownMoment, ...model }) => ({
        ...model,
        ...(unknownMoment && { unknown_moment: unknownMoment }),
      })),
    });
    return 0;
  } finally {
    progress.stop();
  }
}

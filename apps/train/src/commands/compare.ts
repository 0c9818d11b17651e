import { compareArtifacts, modelKinds, frequencyGroups } from '@towerkit/pipeline';
import { openArtifact } from '@towerkit/recommend';

import { Console } from '../report/console.js';
import { progressDisplay } from '../report/progress.js';
import { comparisonTable, describeUndefined, groupTitle, targetsTitle } from '../report/tables.js';

/** Flags of `towerkit compare`. */
export interface CompareFlags {
  readonly artifacts: string;
  readonly targets?: string;
  readonly on?: 'validation' | 'test';
  readonly users?: number;
  readonly json?: boolean;
}

export async function compare({
  artifacts,
  targets,
  on,
  users: sample,
  json,
}: CompareFlags): Promise<number> {
  const out = new Console(json === true);
  const progress = progressDisplay();
  try {
    const folders = artifacts.split(',').flatMap((folder) => folder.trim() || []);
    const open = (folder: string) => openArtifact(folder, { kinds: modelKinds });
    const compared = await compareArtifacts(folders, open, {
      ...{ targets, on, sample },
      onProgress: progress.update,
    });
    progress.stop();
    const { users, models } = compared;
    out.show(`${users} users, ${targetsTitle(compared.on)}; p is of a paired test against the first\n`);
    out.show(comparisonTable(models));
    for (const line of describeUndefined(models[0].metrics)) out.show(line);
    for (const group of frequencyGroups) {
      const within = models.flatMap(({ groups, ...model }) => {
        const result = groups[group];
        return result ? [{ ...model, ...result }] : [];
      });
      if (within.length > 0) out.show(`\n${groupTitle(group)}\n${comparisonTable(within)}`);
    }
    out.result({ targets: targets ?? compared.on, users, models });
    return 0;
  } finally {
    progress.stop();
  }
}

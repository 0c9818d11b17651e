import { judge } from '../artifact/judge.js';
import { openArtifact } from '../artifact/open.js';
import { askFor } from '../artifact/questions.js';
import { Console } from '../report/console.js';
import { progressDisplay } from '../report/progress.js';
import { groupsTable, metricsTable } from '../report/tables.js';

/** Flags of `towerkit evaluate`. */
export interface EvaluateFlags {
  readonly artifact: string;
  readonly data?: string;
  readonly targets?: string;
  readonly users?: number;
  readonly json?: boolean;
}

export async function evaluate(flags: EvaluateFlags): Promise<number> {
  const out = new Console(flags.json === true);
  const artifact = await openArtifact(flags.artifact);
  const progress = progressDisplay();
  try {
    const questions = await askFor(artifact, flags);
    const verdict = await judge(artifact, questions, { sample: flags.users, onProgress: progress.update });
    progress.stop();
    const { repeat, unknownUser, unknownItem } = verdict.leftOut;
    out.show(
      `${verdict.users} users; left out: ${repeat} repeats, ${unknownUser} unknown users, ${unknownItem} unknown items\n`,
    );
    out.show(metricsTable({ [artifact.model.kind]: verdict.metrics, ...verdict.baselines }));
    out.show(`\n${groupsTable(verdict.groups)}`);
    out.result({
      artifact: flags.artifact,
      targets: flags.targets ?? 'validation',
      users: verdict.users,
      left_out: { repeat, unknown_user: unknownUser, unknown_item: unknownItem },
      metrics: verdict.metrics,
      baselines: verdict.baselines,
      groups: verdict.groups,
    });
    return 0;
  } finally {
    progress.stop();
    await artifact.model.dispose?.();
  }
}

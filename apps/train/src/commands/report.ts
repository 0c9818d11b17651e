import { modelKinds } from '@towerkit/pipeline';
import { openArtifact } from '@towerkit/recommend';
import { writeReport } from '@towerkit/study';

import { Console } from '../report/console.js';
import { progressDisplay } from '../report/progress.js';

/** Flags of `towerkit report`. */
export interface ReportFlags {
  readonly artifacts: readonly string[];
  readonly out?: string;
  readonly on?: 'validation' | 'test';
  readonly users?: number;
  readonly json?: boolean;
}

/** @returns 0, or 1 where an artifact is left out of the report, which says why */
export async function reportCommand(flags: ReportFlags): Promise<number> {
  const out = new Console(flags.json === true);
  const progress = progressDisplay();
  try {
    const { html, markdown, study } = await writeReport({
      ...flags,
      open: (folder) => openArtifact(folder, { kinds: modelKinds }),
      onProgress: progress.update,
    });
    progress.stop();
    const { leftOut, artifacts, users, on } = study;
    for (const { artifact, code, message } of leftOut) out.note(`left out: ${artifact}: ${code}: ${message}`);
    out.show(`${artifacts.length} artifacts on ${users} users; the report is in ${html}, as Markdown in ${markdown}`);
    const models = artifacts.map(({ folder, evaluation }) => ({ artifact: folder, metrics: evaluation.metrics }));
    out.result({ report: html, markdown, targets: on, users, models, left_out: leftOut });
    return leftOut.length > 0 ? 1 : 0;
  } finally {
    progress.stop();
  }
}

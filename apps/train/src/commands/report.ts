import { modelKinds } from '@towerkit/pipeline';
import { openArtifact } from '@towerkit/recommend';
import { writeReport, type ReportOptions } from '@towerkit/study';

import { Console } from '../report/console.js';
import { interruptible } from './interruptible.js';

/** Flags of `towerkit report`. */
export type ReportFlags = Omit<ReportOptions, 'open'> & { readonly json?: boolean };

/** @returns 0, or 1 where an artifact is left out of the report, which says why */
export async function reportCommand({ json, ...flags }: ReportFlags): Promise<number> {
  const out = new Console(json === true);
  let isWhole = false;
  const status = await interruptible(async ({ update, stop }, signal) => {
    const open = (folder: string) => openArtifact(folder, { kinds: modelKinds });
    const { html, markdown, study } = await writeReport({ ...flags, open, signal, onProgress: update });
    stop();
    const { leftOut, artifacts, users, on } = study;
    isWhole = leftOut.length === 0;
    for (const { artifact, code, message } of leftOut) out.note(`left out: ${artifact}: ${code}: ${message}`);
    out.show(
      `${artifacts.length} artifacts, ${users} users; the report is in ${html}, as Markdown in ${markdown}`,
    );
    const models = artifacts.map(({ folder, evaluation: { metrics } }) => ({ artifact: folder, metrics }));
    out.result({ report: html, markdown, targets: on, users, models, left_out: leftOut });
  });
  return status || (isWhole ? 0 : 1);
}

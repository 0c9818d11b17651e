import { builtProgram } from '@towerkit/core/files';
import { modelKinds } from '@towerkit/pipeline';
import { openArtifact } from '@towerkit/recommend';
import { describeRun, runStudy, type AblateOptions, type Study } from '@towerkit/study';

import { loadConfig } from '../config/load-config.js';
import { Console } from '../report/console.js';
import { interruptible } from './interruptible.js';

/** Flags of `towerkit ablate`. */
export type AblateFlags = Omit<AblateOptions, 'load'> & { readonly json?: boolean };

/** What the runs of a study are made with. */
export const RUNS = { load: loadConfig, worker: builtProgram(import.meta.url, 'study-run.js') };

/** @returns 0 where every run was done, 1 where one failed or is left */
export async function ablateCommand({ json, ...flags }: AblateFlags): Promise<number> {
  const out = new Console(json === true);
  let study: Study | undefined;
  const status = await interruptible(async (display, signal) => {
    const say = (text: string) => {
      display.stop();
      out.note(text);
    };
    study = await runStudy({
      ...{ ...flags, ...RUNS, signal, onProgress: display.update },
      open: (folder) => openArtifact(folder, { kinds: modelKinds }),
      onRun: ({ variant, seed, place, runs }) => say(`${place} of ${runs}: ${variant}, seed ${seed}`),
      onRunEnd: (run) => say(`  ${describeRun(run)}`),
    });
    display.stop();
    const { runs, report } = study;
    if (report) out.show(`the report is in ${report.html}, as Markdown in ${report.markdown}`);
    out.result({ runs, report: report?.html, left_out: report?.study.leftOut });
  });
  return status || (study?.isWhole ? 0 : 1);
}

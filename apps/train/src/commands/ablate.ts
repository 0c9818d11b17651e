import { builtProgram } from '@towerkit/core/files';
import { modelKinds } from '@towerkit/pipeline';
import { openArtifact } from '@towerkit/recommend';
import { ablate, writeReport, type StudyRun } from '@towerkit/study';
import { join } from 'node:path';

import { loadConfig } from '../config/load-config.js';
import { Console } from '../report/console.js';
import { interruptible } from './interruptible.js';

/** Flags of `towerkit ablate`. */
export interface AblateFlags {
  readonly configs: readonly string[];
  readonly data?: string;
  readonly out: string;
  readonly seeds?: number;
  readonly minutes?: number;
  readonly threads?: number;
  readonly models?: string;
  readonly json?: boolean;
}

/** The program of a run of a study. */
export const STUDY_RUN = builtProgram(import.meta.url, 'study-run.js');

/** @returns 0 where every run was done, 1 where one failed or is left */
export async function ablateCommand(flags: AblateFlags): Promise<number> {
  const out = new Console(flags.json === true);
  let isWhole = true;
  const status = await interruptible(async (display, signal) => {
    const say = (text: string) => {
      display.stop();
      out.note(text);
    };
    const runs = await ablate({
      ...{ ...flags, load: loadConfig, worker: STUDY_RUN, signal, onProgress: display.update },
      onRun: ({ variant, seed, place, runs }) => say(`${place} of ${runs}: ${variant}, seed ${seed}`),
      onRunEnd: (run) => say(`  ${described(run)}`),
    });
    signal.throwIfAborted();
    isWhole = runs.every(({ outcome }) => outcome.status === 'done');
    const artifacts = runs.flatMap(({ outcome, artifact }) => (outcome.status === 'done' ? artifact : []));
    const report =
      artifacts.length > 0
        ? await writeReport({
            ...{ artifacts, runs, out: join(flags.out, 'report.html'), onProgress: display.update },
            open: (folder) => openArtifact(folder, { kinds: modelKinds }),
          })
        : undefined;
    display.stop();
    if (report?.study.leftOut.length) isWhole = false;
    if (report) out.show(`the report is in ${report.html}, as Markdown in ${report.markdown}`);
    out.result({ out: flags.out, runs, ...(report && { report: report.html, left_out: report.study.leftOut }) });
  });
  return status || (isWhole ? 0 : 1);
}

function described({ outcome, earlier }: StudyRun): string {
  switch (outcome.status) {
    case 'done':
      return earlier ? 'done before' : `done in ${outcome.figures.seconds.toFixed(1)} s`;
    case 'failed':
      return `failed: ${outcome.error.code}: ${outcome.error.message}`;
    case 'stopped':
      return 'stopped; the same command goes on with it';
    case 'left':
      return 'left: the time was over';
  }
}

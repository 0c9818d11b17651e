import { join } from 'node:path';

import { writeReport, type ReportOptions, type WrittenReport } from '../report/write-report.js';
import { ablate, type AblateOptions, type StudyRun } from './ablate.js';

/** A study with its report. */
export interface Study {
  readonly runs: readonly StudyRun[];
  /** Absent where no run was done. */
  readonly report?: WrittenReport;
  /** Whether every run was done and every artifact is in the report. */
  readonly isWhole: boolean;
}

/**
 * Runs what {@link ablate} runs, and reports on what is done as {@link writeReport} does, in `report.html` of the study's folder.
 *
 * @throws TowerkitError what both throw; the reason of a signal that stopped it
 */
export async function runStudy(
  options: AblateOptions & Pick<ReportOptions, 'open' | 'users' | 'on'>,
): Promise<Study> {
  const runs = await ablate(options);
  options.signal?.throwIfAborted();
  const artifacts = runs.flatMap(({ outcome, artifact }) => (outcome.status === 'done' ? artifact : []));
  if (artifacts.length === 0) return { runs, isWhole: false };
  const { open, users, on, signal, onProgress } = options;
  const out = join(options.out, 'report.html');
  const report = await writeReport({ artifacts, open, users, on, signal, onProgress, runs, out });
  const isWhole = artifacts.length === runs.length && report.study.leftOut.length === 0;
  return { runs, report, isWhole };
}

/** One line about how a run ended. */
export function describeRun({ outcome, earlier }: StudyRun): string {
  switch (outcome.status) {
    case 'done':
      return earlier ? 'done before' : `done in ${outcome.figures.seconds.toFixed(1)} s`;
    case 'failed':
      return `failed: ${outcome.error.code}: ${outcome.error.message}`;
    case 'stopped':
      return 'stopped; the same call goes on with it';
    case 'left':
      return 'left: the time was over';
  }
}

import type { MeasuredStudy } from '../measure/measure-artifacts.js';
import type { StudyRun } from '../runs/ablate.js';
import { table, text, type Block, type Section } from './block.js';
import { seconds } from './numbers.js';

/** What is not in the report, and why; of a study, how every run ended. */
export function runsSection(
  { leftOut }: Pick<MeasuredStudy, 'leftOut'>,
  runs: readonly StudyRun[] = [],
): Section | undefined {
  const blocks: Block[] = [];
  if (leftOut.length > 0)
    blocks.push(
      table(
        'Left out of this report',
        ['artifact', 'code', 'why'],
        leftOut.map(({ artifact, code, message, hint }) => [
          artifact,
          code,
          hint ? `${message} (${hint})` : message,
        ]),
        true,
      ),
    );
  const failed = runs.flatMap(({ variant, seed, outcome }) =>
    outcome.status === 'failed' ? [{ variant, seed, ...outcome.error }] : [],
  );
  if (failed.length > 0)
    blocks.push(
      table(
        'Runs that failed',
        ['model', 'seed', 'code', 'why'],
        failed.map(({ variant, seed, code, message }) => [variant, String(seed), code, message]),
        true,
      ),
    );
  const open = runs.filter(({ outcome: { status } }) => status === 'stopped' || status === 'left');
  if (open.length > 0)
    blocks.push(
      text(
        `Not done yet: ${open.map(({ variant, seed }) => `${variant} with seed ${seed}`).join(', ')}. The same command goes on with them.`,
      ),
    );
  const notes = runs.flatMap(({ variant, seed, outcome }) =>
    outcome.status === 'done'
      ? outcome.figures.notes.map((note) => `${variant} with seed ${seed}: ${note}`)
      : [],
  );
  for (const note of notes) blocks.push(text(note));
  const done = runs.flatMap(({ variant, seed, outcome }) =>
    outcome.status === 'done' ? [{ variant, seed, seconds: outcome.figures.seconds }] : [],
  );
  if (done.length > 0)
    blocks.push(
      table(
        'Runs',
        ['model', 'seed', 'in all'],
        done.map((run) => [run.variant, String(run.seed), seconds(run.seconds)]),
      ),
    );
  return blocks.length > 0 ? { id: 'runs', title: 'Runs', blocks } : undefined;
}

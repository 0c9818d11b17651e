import { readSpace, tune, type TuneOptions } from '@towerkit/study';

import { Console } from '../report/console.js';
import { RUNS } from './ablate.js';
import { interruptible } from './interruptible.js';

/** Flags of `towerkit tune`. */
export type TuneFlags = Omit<TuneOptions, 'load' | 'space' | 'out'> & {
  readonly space: string;
  readonly out?: string;
  readonly json?: boolean;
};

/** @returns 0, or 1 where a trial failed or none was done */
export async function tuneCommand({ json, out = 'tune', ...flags }: TuneFlags): Promise<number> {
  const console = new Console(json === true);
  let isWhole = false;
  const space = await readSpace(flags.space);
  const status = await interruptible(async ({ update, stop }, signal) => {
    const found = await tune({
      ...{ ...flags, ...RUNS, out, space, signal, onProgress: update },
      onTrial({ trial, value, error, point }) {
        stop();
        console.note(
          `trial ${trial}: ${value?.toFixed(4) ?? `${error?.code}: ${error?.message}`} ${JSON.stringify(point)}`,
        );
      },
    });
    stop();
    signal.throwIfAborted();
    const { metric, best, base, file, trials } = found;
    isWhole = best !== undefined && trials.every(({ error }) => !error);
    if (best)
      console.show(
        `${metric} ${best.value?.toFixed(4)} (${base?.value?.toFixed(4) ?? '-'} as it stands): ${file}`,
      );
    else console.show(found.isCut ? 'the time was over before one trial was done' : 'no trial was done');
    console.result({ metric, best, base, config: file, trials });
  });
  return status || (isWhole ? 0 : 1);
}

import type { RunSettings } from '../loop/run-settings.js';
import { scheduleFactor } from '../optimizer/schedule.js';
import type { EarlierState } from '../tables/continue-state.js';
import type { StepUpdate } from './run-step.js';

/**
 * How the step after `step` others moves the weights, in epochs of so many batches.
 *
 * @param earlier a training whose moments Adam goes on with, if any
 */
export function stepUpdate(
  { scheduleEpochs, optimizer }: RunSettings,
  step: number,
  batches: number,
  earlier?: EarlierState,
): StepUpdate {
  const { schedule, warmup, learningRate, tableLearningRate, dense, tables } = optimizer;
  const factor = scheduleFactor(schedule, step, scheduleEpochs * batches, warmup);
  return {
    step: (earlier?.moments?.steps ?? 0) + step + 1,
    learningRate: factor * learningRate,
    tableLearningRate: factor * tableLearningRate,
    dense,
    tables,
  };
}

import type { RunSettings } from '../loop/run-settings.js';
import { scheduleFactor } from '../optimizer/schedule.js';
import type { StepUpdate } from './run-step.js';

/**
 * How the step after `step` others moves the weights, in epochs of so many batches.
 *
 * @param earlier steps of an earlier training whose moments Adam goes on with
 */
export function stepUpdate(
  { scheduleEpochs, optimizer }: RunSettings,
  step: number,
  batches: number,
  earlier = 0,
): StepUpdate {
  const { schedule, warmup, learningRate, tableLearningRate, dense, tables } = optimizer;
  const factor = scheduleFactor(schedule, step, scheduleEpochs * batches, warmup);
  return {
    step: earlier + step + 1,
    learningRate: factor * learningRate,
    tableLearningRate: factor * tableLearningRate,
    dense,
    tables,
  };
}

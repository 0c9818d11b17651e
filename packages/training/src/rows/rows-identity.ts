import type { RunIdentity } from '../checkpoint/checkpoint.js';
import { fingerprint, graphFingerprint } from '../checkpoint/fingerprint.js';
import type { RunSettings } from '../loop/run-settings.js';
import type { ModelState } from '../tables/model-state.js';
import type { RowInput, Rows } from './row-input.js';
import { taskFunction, type RowTask } from './row-step.js';

/** Rows gathered at a time. */
const CHUNK = 4096;

/** What a resumed run of rows must share with the one it continues; see `runIdentity` of `train`. */
export function rowsIdentity(
  task: RowTask,
  state: ModelState,
  { count, inputs }: Rows,
  { seed, scheduleEpochs, optimizer: { schedule, warmup, learningRate, dense } }: RunSettings,
): RunIdentity {
  const { fn, inputs: specs } = taskFunction(task, state.parameters, 2);
  return {
    graph: graphFingerprint(fn, specs),
    rows: Object.fromEntries(
      Object.keys(task.inputs).map((name) => [name, rowsFingerprint(inputs[name], count)]),
    ),
    count,
    seed,
    ...(schedule !== 'constant' && { scheduleEpochs }),
    schedule,
    warmup,
    learningRate,
    dense,
  };
}

/** Fingerprint of all rows of one input. */
function rowsFingerprint(input: RowInput, count: number): string {
  const chunks: Record<string, string> = {};
  const buffer = new Float32Array(Math.min(CHUNK, count) * input.dimensions);
  for (let start = 0; start < count; start += CHUNK) {
    const rows = Int32Array.from({ length: Math.min(CHUNK, count - start) }, (_, k) => start + k);
    input.gather(rows, rows.length, buffer);
    chunks[start] = fingerprint(buffer.subarray(0, rows.length * input.dimensions));
  }
  return fingerprint(chunks);
}

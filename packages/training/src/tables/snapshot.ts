import type { ModelState } from './model-state.js';

/** The values of every weight and table, without their moments, by name. */
export type Snapshot = Record<string, Float32Array>;

const values = ({ parameters, tables }: ModelState): [string, Float32Array][] => [
  ...Object.entries(parameters).map(([name, { table }]) => [name, table.values] as [string, Float32Array]),
  ...Object.entries(tables).map(([name, { values }]) => [name, values] as [string, Float32Array]),
];

/** Copies a model's values, into an earlier snapshot's memory where there is one. */
export function takeSnapshot(state: ModelState, reuse?: Snapshot): Snapshot {
  if (!reuse) return Object.fromEntries(values(state).map(([name, array]) => [name, array.slice()]));
  for (const [name, array] of values(state)) reuse[name].set(array);
  return reuse;
}

/** Puts a snapshot's values back. */
export function restoreSnapshot(state: ModelState, snapshot: Snapshot): void {
  for (const [name, array] of values(state)) array.set(snapshot[name]);
}

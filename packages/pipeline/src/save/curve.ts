import type { EpochReport } from '@towerkit/training';

/** An epoch of a learning curve, as an artifact keeps it. */
export interface CurvePoint {
  /** From 1. */
  readonly epoch: number;
  /** Mean loss over the epoch's examples. */
  readonly loss: number;
  /** Validation metrics by name, where this epoch was evaluated. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** The learning curve of a run. */
export const curveOf = (epochs: readonly EpochReport[]): CurvePoint[] =>
  epochs.map(({ epoch, loss, metrics }) => ({
    epoch,
    loss,
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value])),
  }));

/** Resident memory at a moment, after garbage was collected. */
export interface MemorySample {
  /** Seconds since the start. */
  readonly at: number;
  readonly mebibytes: number;
}

/** How memory went over the second half of a run, when caches are full and code is compiled. */
export interface MemoryTrend {
  /** The first and the last sample of the whole run, MiB. */
  readonly first: number;
  readonly last: number;
  /** Least-squares slope over the second half, MiB a minute. */
  readonly perMinute: number;
  /** Growth along that slope over the second half, MiB. */
  readonly growth: number;
}

/** Fewest samples with a slope worth judging, a minute of them: before that, caches fill and code is compiled. */
export const ENOUGH_SAMPLES = 30;

/** Growth over the second half of a run, MiB, up to which memory counts as flat: what one batch may hold or not. */
export const FLAT = 32;

/** @returns `undefined` for fewer than {@link ENOUGH_SAMPLES}: the run was too short for a slope */
export function trendOf(samples: readonly MemorySample[]): MemoryTrend | undefined {
  if (samples.length < ENOUGH_SAMPLES) return undefined;
  const late = samples.slice(samples.length >> 1);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(late.map(({ at }) => at)), mean(late.map(({ mebibytes }) => mebibytes))];
  const spread = late.reduce((sum, { at }) => sum + (at - x) ** 2, 0);
  const slope =
    spread === 0 ? 0 : late.reduce((sum, { at, mebibytes }) => sum + (at - x) * (mebibytes - y), 0) / spread;
  return {
    first: samples[0].mebibytes,
    last: samples.at(-1)!.mebibytes,
    perMinute: slope * 60,
    growth: slope * (late.at(-1)!.at - late[0].at),
  };
}

/** A trend in words; without one, that the run was too short for it. */
export const trendText = (trend: MemoryTrend | undefined): string =>
  trend
    ? `${trend.first.toFixed(0)} to ${trend.last.toFixed(0)}, ${trend.perMinute.toFixed(2)} a minute`
    : `not judged: fewer than ${ENOUGH_SAMPLES} samples`;

import type { Estimate } from '@towerkit/metrics';

/** Four digits after the point, `-` for what is not a number. */
export const fixed = (value: number | undefined, digits = 4): string =>
  value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(digits);

/** A figure with its interval: `.0904 (.0880 to .0929)`. */
export const withInterval = ({ value, low, high }: Pick<Estimate, 'value' | 'low' | 'high'>): string =>
  Number.isFinite(value) ? `${fixed(value)} (${fixed(low)} to ${fixed(high)})` : '-';

export const signed = (value: number): string => `${value >= 0 ? '+' : ''}${fixed(value)}`;

export const pValue = (p: number): string => (p < 0.0001 ? '< 0.0001' : p.toFixed(4));

export const seconds = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value)
    ? '-'
    : value < 100
      ? `${value.toFixed(1)} s`
      : `${Math.round(value)} s`;

/** Bytes as MiB. */
export const mebibytes = (bytes: number | undefined): string =>
  bytes === undefined || !Number.isFinite(bytes)
    ? '-'
    : `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 24 ? 1 : 0)} MiB`;

export const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

/** A whole number with its thousands apart. */
export const grouped = (value: number): string => value.toLocaleString('en-US');

/** An estimate with the interval that covers the true value with the probability asked for, 95% by default. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

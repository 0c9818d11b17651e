import type { RankOptions } from '@towerkit/pipeline';
import type { Near } from '@towerkit/recommend';
import { InvalidArgumentError } from 'commander';

/** An option that may be given several times. */
export const eachTime = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** Names of metrics, separated by commas; whoever measures them checks them. */
export const metricsOf = (text: string | undefined): RankOptions['metrics'] =>
  text?.split(',').flatMap((name) => (name.trim() ? (name.trim() as Metric) : []));

type Metric = NonNullable<RankOptions['metrics']>[number];

/** A number that something holds of. @throws InvalidArgumentError saying what it must be */
const numberThat =
  (holds: (value: number) => boolean, what: string) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !holds(value)) throw new InvalidArgumentError(`It must be ${what}.`);
    return value;
  };
const isAmount = (value: number) => value >= 0 && value < Infinity;

export const whole = numberThat(Number.isSafeInteger, 'a whole number');
const fromOne = numberThat((value) => value >= 1, '1 or more');
/** A whole number from 1 up. */
export const positive = (text: string): number => fromOne(String(whole(text)));
export const amount = numberThat(isAmount, 'a number from 0');
export const share = numberThat((value) => value >= 0 && value <= 1, 'from 0 to 1');
/** Also a part of a day. */
export const days = numberThat(isAmount, 'a number of days');

/** Names separated by commas. */
export const namesList = (text: string): string[] => text.split(',').flatMap((name) => name.trim() || []);

/** Metres separated by commas. @throws InvalidArgumentError */
export function metresList(text: string): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (values.some(Number.isNaN)) throw new InvalidArgumentError('It must be metres, such as 100,200.');
  return values;
}

/** A place in degrees, with kilometres around it and how much distance counts. @throws InvalidArgumentError */
export function nearPlace(text: string): Near {
  const [lat, lon, radiusKm, decay, ...rest] = text
    .split(',')
    .map((part) => (part.trim() ? Number(part) : NaN));
  if (lon === undefined || rest.length > 0 || [lat, lon, radiusKm, decay].some(Number.isNaN))
    throw new InvalidArgumentError(
      'It must be degrees, such as 40.75,-73.99, or with kilometres behind them.',
    );
  return { lat, lon, radiusKm, decay };
}

import type { RankOptions } from '@towerkit/pipeline';
import type { Near } from '@towerkit/recommend';
import { InvalidArgumentError } from 'commander';

/** An option that may be given several times. */
export const eachTime = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** Names of metrics, separated by commas; whoever measures them checks them. */
export const metricsOf = (text: string | undefined): RankOptions['metrics'] =>
  text?.split(',').flatMap((name) => (name.trim() ? (name.trim() as Metric) : []));

type Metric = NonNullable<RankOptions['metrics']>[number];

/** A whole number. @throws InvalidArgumentError */
export function whole(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

/** A number from 0. @throws InvalidArgumentError */
export function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < Infinity))
    throw new InvalidArgumentError('It must be a number from 0.');
  return value;
}

/** A number from 0 to 1. @throws InvalidArgumentError */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('It must be from 0 to 1.');
  return value;
}

/** A number of days, also a part of one. @throws InvalidArgumentError */
export function days(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < Infinity))
    throw new InvalidArgumentError('It must be a number of days.');
  return value;
}

/** A whole number from 1. @throws InvalidArgumentError */
export function positive(text: string): number {
  if (whole(text) < 1) throw new InvalidArgumentError('It must be 1 or more.');
  return Number(text);
}

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

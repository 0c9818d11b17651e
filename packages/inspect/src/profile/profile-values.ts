import type { ColumnProfile } from './column-profile.js';
import { leavesOf, listOf, objectKeys } from './lists.js';
import { timeFormOf, unitsOf } from './times.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const COMMA = /^[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+$/;
const COMMA_OR_WHOLE = /^[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$/;
const PADDED = /^0\d+$/;
const URL = /^(https?|ftp):\/\/\S+$/i;
const IMAGE = /\.(jpe?g|png|webp|gif|avif|bmp|tiff?)(\?\S*)?$/i;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
/** A time of day, which is no id. */
export const CLOCK = /^([01]?\d|2[0-4]):[0-5]\d(:[0-5]\d(\.\d+)?)?( ?[AaPp][Mm])?$/;
const UUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$|^[0-9a-f]{24,64}$/i;

/** What is told from a sample of the values. */
export type ValueShapes = Omit<
  ColumnProfile,
  'name' | 'place' | 'declared' | 'rows' | 'filled' | 'distinct' | 'top' | 'values'
>;

/**
 * What the values of a column look like.
 *
 * @param values those that are not missing, as text, in the order of the file
 */
export function shapesOf(values: readonly string[]): ValueShapes {
  const share = (fits: (value: string) => boolean) =>
    values.length === 0 ? 0 : values.filter(fits).length / values.length;
  const mean = (size: (value: string) => number) =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + size(value), 0) / values.length;
  const commaShare = share((value) => COMMA.test(value));
  const commas = commaShare > 0 ? share((value) => COMMA_OR_WHOLE.test(value)) : 0;
  const numbers = share((value) => NUMBER.test(value));
  const parsed = (
    commas > numbers
      ? values.filter((value) => COMMA_OR_WHOLE.test(value))
      : values.filter((value) => NUMBER.test(value))
  )
    .map((value) => Number(commas > numbers ? value.replaceAll('.', '').replace(',', '.') : value))
    .sort((a, b) => a - b);
  const isNumbers = Math.max(numbers, commas) > 0.98;
  const time = timeFormOf(values);
  const arrays = share((value) => value.startsWith('[') && value.endsWith(']')) > 0.95;
  const objects = arrays ? objectKeys(values) : undefined;
  const list = isNumbers || time || objects ? undefined : listOf(values);
  const every = (fits: RegExp) => (value: string) =>
    arrays ? leavesOf(value).some((leaf) => fits.test(leaf)) : fits.test(value);
  return {
    examples: [...new Set(values.slice(0, 1000))].slice(0, 3),
    ...{ numbers, commas },
    whole: parsed.length === 0 ? 0 : parsed.filter(Number.isInteger).length / parsed.length,
    padded: share((value) => PADDED.test(value)),
    ...(parsed.length > 0 && {
      least: parsed[0],
      most: parsed[parsed.length - 1],
      median: parsed[Math.floor(parsed.length / 2)],
    }),
    decimals: values.reduce((most, value) => Math.max(most, decimalsOf(value)), 0),
    words: mean((value) => value.trim().split(/\s+/).length),
    length: mean((value) => value.length),
    urls: share(every(URL)),
    images: share(every(IMAGE)),
    clocks: share((value) => CLOCK.test(value)),
    emails: share((value) => EMAIL.test(value)),
    uuids: share((value) => UUID.test(value)),
    ...(time && { time }),
    units: isNumbers ? unitsOf(parsed) : new Map(),
    arrays,
    ...(objects && { objects }),
    ...(list && { list }),
  };
}

const decimalsOf = (value: string) => /^[+-]?[\d.]*[.,](\d+)$/.exec(value)?.[1].length ?? 0;

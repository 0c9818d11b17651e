import { dateOf } from '@towerkit/data';

/** How dates are written: as ISO 8601 does, or in strptime's words. */
export interface TimeForm {
  readonly format: 'iso' | string;
  /** Whether days and months might be the other way around: nothing of the values says. */
  readonly ambiguous?: boolean;
}

/** Forms of a date: a pattern and strptime's words; `order` marks those whose first two numbers may be day and month. */
const DATES: readonly { pattern: string; format: string; order?: string }[] = [
  { pattern: String.raw`\d{4}-\d{1,2}-\d{1,2}`, format: '%Y-%m-%d' },
  { pattern: String.raw`(?:19|20)\d{2}-(?:0?[1-9]|1[0-2])`, format: '%Y-%m' },
  { pattern: String.raw`\d{4}/\d{1,2}/\d{1,2}`, format: '%Y/%m/%d' },
  { pattern: String.raw`\d{4}\.\d{1,2}\.\d{1,2}`, format: '%Y.%m.%d' },
  { pattern: String.raw`(\d{1,2})\.(\d{1,2})\.\d{4}`, format: '%d.%m.%Y' },
  { pattern: String.raw`(\d{1,2})\.(\d{1,2})\.\d{2}`, format: '%d.%m.%y' },
  { pattern: String.raw`(\d{1,2})/(\d{1,2})/\d{4}`, format: '%d/%m/%Y', order: '%m/%d/%Y' },
  { pattern: String.raw`(\d{1,2})/(\d{1,2})/\d{2}`, format: '%d/%m/%y', order: '%m/%d/%y' },
  { pattern: String.raw`(\d{1,2})-(\d{1,2})-\d{4}`, format: '%d-%m-%Y', order: '%m-%d-%Y' },
  { pattern: String.raw`\d{1,2}-[A-Za-z]{3}-\d{4}`, format: '%d-%b-%Y' },
  { pattern: String.raw`\d{1,2}-[A-Za-z]{3}-\d{2}`, format: '%d-%b-%y' },
  { pattern: String.raw`\d{1,2} [A-Za-z]{3} \d{4}`, format: '%d %b %Y' },
  { pattern: String.raw`[A-Za-z]{3} \d{1,2}, \d{4}`, format: '%b %d, %Y' },
  { pattern: String.raw`[A-Za-z]{4,9} \d{1,2}, \d{4}`, format: '%B %d, %Y' },
  { pattern: String.raw`(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])`, format: '%Y%m%d' },
];

const TIMES: readonly { pattern: string; format: string }[] = [
  { pattern: '', format: '' },
  { pattern: String.raw` \d{1,2}:\d{2}:\d{2} ?[+-]\d{2}:?\d{2}`, format: ' %H:%M:%S %z' },
  ...[' ', 'T', ', '].flatMap((gap) => [
    { pattern: String.raw`${gap}\d{1,2}:\d{2}`, format: `${gap}%H:%M` },
    { pattern: String.raw`${gap}\d{1,2}:\d{2}:\d{2}`, format: `${gap}%H:%M:%S` },
    { pattern: String.raw`${gap}\d{1,2}:\d{2}:\d{2}\.\d{1,9}`, format: `${gap}%H:%M:%S.%f` },
    { pattern: String.raw`${gap}\d{1,2}:\d{2} [AaPp][Mm]`, format: `${gap}%I:%M %p` },
    { pattern: String.raw`${gap}\d{1,2}:\d{2}:\d{2} [AaPp][Mm]`, format: `${gap}%I:%M:%S %p` },
    { pattern: String.raw`${gap}\d{1,2}:\d{2}:\d{2} UTC`, format: `${gap}%H:%M:%S UTC` },
    { pattern: String.raw`${gap}\d{1,2}:\d{2}:\d{2}\.\d{1,9} UTC`, format: `${gap}%H:%M:%S.%f UTC` },
  ]),
];

const OTHERS: readonly { pattern: string; format: string; order?: string }[] = [
  {
    pattern: String.raw`[A-Za-z]{3} [A-Za-z]{3} \d{1,2} \d{2}:\d{2}:\d{2} [+-]\d{4} \d{4}`,
    format: '%a %b %d %H:%M:%S %z %Y',
  },
  {
    pattern: String.raw`[A-Za-z]{3}, \d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}`,
    format: '%a, %d %b %Y %H:%M:%S %z',
  },
  {
    pattern: String.raw`(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[0-2]\d[0-5]\d[0-5]\d`,
    format: '%Y%m%d%H%M%S',
  },
];

const FORMS = [
  ...DATES.flatMap(({ pattern, format, order }) =>
    TIMES.filter(({ pattern: time }) => format !== '%Y%m%d' || time === '').map((time) => ({
      pattern: new RegExp(`^${pattern}${time.pattern}$`),
      format: `${format}${time.format}`,
      order: order && `${order}${time.format}`,
    })),
  ),
  ...OTHERS.map(({ pattern, format }) => ({ pattern: new RegExp(`^${pattern}$`), format, order: undefined })),
];

/** Share of the values that must be of one form. */
const MOST = 0.98;

/**
 * How a column's dates are written.
 *
 * @param values not empty
 * @returns undefined for a column of something else
 */
export function timeFormOf(values: readonly string[]): TimeForm | undefined {
  if (values.length === 0) return undefined;
  const share = (fits: (value: string) => boolean) => values.filter(fits).length / values.length;
  const isIso = (value: string) => /^\d{4}-/.test(value) && dateOf(value) !== undefined;
  if (isIso(values[0]) || isIso(values[values.length - 1]))
    if (share(isIso) >= MOST) return { format: 'iso' };
  for (const { pattern, format, order } of FORMS) {
    if (!pattern.test(values[0]) && !pattern.test(values[values.length - 1])) continue;
    if (share((value) => pattern.test(value)) < MOST) continue;
    return order === undefined ? { format } : inOrder(values, pattern, format, order);
  }
  return undefined;
}

/** Which of the first two numbers is the day: the one that goes above 12. */
function inOrder(
  values: readonly string[],
  pattern: RegExp,
  dayFirst: string,
  monthFirst: string,
): TimeForm | undefined {
  let [first, second] = [0, 0];
  for (const value of values) {
    const [, one, two] = pattern.exec(value) ?? [];
    first = Math.max(first, Number(one ?? 0));
    second = Math.max(second, Number(two ?? 0));
  }
  if (first > 12 && second > 12) return undefined;
  if (first > 12) return { format: dayFirst };
  if (second > 12) return { format: monthFirst };
  return { format: dayFirst, ambiguous: true };
}

/** Units that numbers count time in since 1970. */
export type TimeUnit = 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds';

const UNITS: readonly [TimeUnit, number][] = [
  ['seconds', 1],
  ['milliseconds', 1e3],
  ['microseconds', 1e6],
  ['nanoseconds', 1e9],
];

/** 1990 and 2100, in seconds since 1970. */
const SPAN = [631_152_000, 4_102_444_800] as const;

/** The unit in which a number is a time between 1990 and 2100, if there is one. */
export const unitOf = (value: number): TimeUnit | undefined =>
  UNITS.find(([, factor]) => value >= SPAN[0] * factor && value <= SPAN[1] * factor)?.[0];

/** Seconds in a unit. */
export const secondsIn = (unit: TimeUnit): number => 1 / UNITS.find(([name]) => name === unit)![1];

/** Units of a column's numbers, with the share of the values in each; values of no unit are in none. */
export function unitsOf(values: readonly number[]): ReadonlyMap<TimeUnit, number> {
  const counts = new Map<TimeUnit, number>();
  for (const value of values) {
    const unit = unitOf(value);
    if (unit) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  return new Map([...counts].map(([unit, count]) => [unit, count / values.length]));
}

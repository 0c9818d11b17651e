import { TowerkitError } from './errors.js';

/**
 * Parts of a time that are categories: the hour (`0` to `23`), the weekday (`monday` to `sunday`), the month (`1` to `12`), and
 * the season by months, as the north of the earth calls it (`spring` is March to May).
 */
export const TIME_PARTS = ['hour', 'weekday', 'month', 'season'] as const;

/** A part of the time that a moment may have. */
export type TimePart = (typeof TIME_PARTS)[number];

/** Which parts of times are read, and where on earth. */
export interface TimeReading {
  readonly parts: readonly TimePart[];
  /** IANA name of a time zone, such as `Europe/Vienna`. */
  readonly timeZone: string;
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const SEASONS = ['winter', 'spring', 'summer', 'autumn'];
const upTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, place) => String(first + place));

/** All values that a part has. */
export const TIME_PART_VALUES: Readonly<Record<TimePart, readonly string[]>> = {
  hour: upTo(0, 23),
  weekday: WEEKDAYS,
  month: upTo(1, 12),
  season: SEASONS,
};

/** Whether there is a time zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Hour, day of the week from Sunday on, and month from January on, as numbers from 0. */
interface Calendar {
  readonly hour: number;
  readonly weekday: number;
  readonly month: number;
}

const NAMES: Readonly<Record<TimePart, (at: Calendar) => string>> = {
  hour: ({ hour }) => String(hour),
  weekday: ({ weekday }) => WEEKDAYS[weekday],
  month: ({ month }) => String(month + 1),
  season: ({ month }) => SEASONS[Math.floor(((month + 1) % 12) / 3)],
};

/** Milliseconds that a date of JavaScript holds. */
const LAST = 8.64e15;

/**
 * The parts of times, as a clock on the wall of that zone shows them, summer time included.
 *
 * @param times seconds since 1970, [rows]
 * @returns values by part, [rows]
 * @throws TowerkitError `BAD_VALUE` naming the row of what is no time
 *
 * @example
 * ```ts
 * timePartsOf([1709316000], { parts: ['hour', 'weekday'], timeZone: 'Europe/Vienna' }); // { hour: ['19'], weekday: ['friday'] }
 * ```
 */
export function timePartsOf(
  times: ArrayLike<number>,
  { parts, timeZone }: TimeReading,
): Partial<Record<TimePart, string[]>> {
  const read = calendarOf(timeZone);
  const found = Object.fromEntries(parts.map((part) => [part, new Array<string>(times.length)]));
  for (let row = 0; row < times.length; row++) {
    const milliseconds = Math.floor(times[row] * 1000);
    if (!(Math.abs(milliseconds) <= LAST))
      throw new TowerkitError('BAD_VALUE', `row ${row}: ${times[row]} is no time in seconds since 1970`, {
        details: { row },
      });
    const at = read(milliseconds);
    for (const part of parts) found[part][row] = NAMES[part](at);
  }
  return found;
}

/** Reads the calendar of a zone. That of UTC is far faster, for nothing is formatted. */
function calendarOf(timeZone: string): (milliseconds: number) => Calendar {
  if (/^(Etc\/)?(UTC|GMT)$/i.test(timeZone))
    return (milliseconds) => {
      const date = new Date(milliseconds);
      return { hour: date.getUTCHours(), weekday: date.getUTCDay(), month: date.getUTCMonth() };
    };
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ weekday: 'long', month: 'numeric', hour: 'numeric' },
  });
  return (milliseconds) => {
    const at = { hour: 0, weekday: 0, month: 0 };
    for (const { type, value } of format.formatToParts(milliseconds))
      if (type === 'weekday') at.weekday = WEEKDAYS.indexOf(value.toLowerCase());
      else if (type === 'month') at.month = Number(value) - 1;
      else if (type === 'hour') at.hour = Number(value);
    return at;
  };
}

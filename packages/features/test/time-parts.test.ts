import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { isTimeZone, TIME_PARTS, TIME_PART_VALUES, timePartsOf, type TimePart } from '../src/index.js';

const seconds = (iso: string) => Date.parse(iso) / 1000;
const partsAt = (iso: string, timeZone: string, parts: readonly TimePart[] = TIME_PARTS) => {
  const found = timePartsOf([seconds(iso)], { parts, timeZone });
  return Object.fromEntries(Object.entries(found).map(([part, [value]]) => [part, value]));
};

/** A clock on the wall by other means: the zone's time as a text that says date and hour, read as if it were UTC. */
function wall(at: number, timeZone: string): Date {
  const text = new Date(1000 * at).toLocaleString('sv-SE', { timeZone }); // 2024-03-31 03:00:00
  return new Date(`${text.replace(' ', 'T')}Z`);
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const SEASON = [
  'winter',
  'winter',
  'spring',
  'spring',
  'spring',
  'summer',
  'summer',
  'summer',
  'autumn',
  'autumn',
  'autumn',
  'winter',
];

describe('parts of a time', () => {
  test('in UTC and elsewhere', () => {
    expect(partsAt('2024-03-01T18:30:00Z', 'UTC')).toEqual({
      hour: '18',
      weekday: 'friday',
      month: '3',
      season: 'spring',
    });
    expect(partsAt('2024-02-29T23:30:00Z', 'Asia/Kolkata')).toEqual({
      ...{ hour: '5', weekday: 'friday', month: '3', season: 'spring' },
    });
    expect(partsAt('2024-12-01T03:00:00Z', 'America/New_York')).toEqual({
      ...{ hour: '22', weekday: 'saturday', month: '11', season: 'autumn' },
    });
    expect(partsAt('1969-12-31T23:59:59Z', 'UTC', ['hour', 'weekday'])).toEqual({
      hour: '23',
      weekday: 'wednesday',
    });
  });

  test('through the nights in which clocks change', () => {
    const hours = (from: string, timeZone: string) =>
      timePartsOf(
        Array.from({ length: 5 }, (_, hour) => seconds(from) + 3600 * hour),
        { parts: ['hour'], timeZone },
      ).hour;
    // The hour from 2 to 3 is left out in spring, and comes twice in autumn.
    expect(hours('2024-03-30T23:00:00Z', 'Europe/Vienna')).toEqual(['0', '1', '3', '4', '5']);
    expect(hours('2024-10-26T22:00:00Z', 'Europe/Vienna')).toEqual(['0', '1', '2', '2', '3']);
    expect(hours('2024-04-06T13:00:00Z', 'Australia/Lord_Howe')).toEqual(['0', '1', '1', '2', '3']); // by half an hour
  });

  test.each([
    'UTC',
    'Europe/Vienna',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Apia',
  ])('as the locale of another language has it: %s', (timeZone) => {
    const rng = new Rng(7);
    const [first, last] = [seconds('1972-02-01T00:00:00Z'), seconds('2060-01-01T00:00:00Z')];
    for (let run = 0; run < 300; run++) {
      const at = first + rng.integer(last - first);
      const local = wall(at, timeZone);
      expect(timePartsOf([at], { parts: TIME_PARTS, timeZone })).toEqual({
        hour: [String(local.getUTCHours())],
        weekday: [DAYS[local.getUTCDay()]],
        month: [String(local.getUTCMonth() + 1)],
        season: [SEASON[local.getUTCMonth()]],
      });
    }
  });

  test('are among the values that a part may have', () => {
    const times = Array.from({ length: 8784 }, (_, hour) => seconds('2024-01-01T00:00:00Z') + 3600 * hour);
    const found = timePartsOf(times, { parts: TIME_PARTS, timeZone: 'Europe/London' });
    for (const part of TIME_PARTS)
      expect([...new Set(found[part])].sort()).toEqual([...TIME_PART_VALUES[part]].sort());
  });

  test('zones are known by their IANA names, and what is no time is named', () => {
    expect(['Europe/Vienna', 'UTC', 'Etc/GMT+5'].map(isTimeZone)).toEqual([true, true, true]);
    expect(['Europe/Wien', '', 'local'].map(isTimeZone)).toEqual([false, false, false]);
    expect(() => timePartsOf([0, NaN], { parts: ['hour'], timeZone: 'UTC' })).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', message: 'row 1: NaN is no time in seconds since 1970' }),
    );
  });
});

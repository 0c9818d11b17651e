import { TowerkitError } from '@towerkit/core';

/** What a shop is made from: the same options give the same shop, byte for byte, on every platform. */
export interface ShopOptions {
  /** Known customers, at least 10; 4,000 by default. */
  readonly users?: number;
  /** Items, at least 100; 2,000 by default. */
  readonly items?: number;
  /** Any safe integer; 7 by default. */
  readonly seed?: number;
  /** Mean number of purchases of a known customer, in [6, items / 5]; 16 by default. The least is 4. */
  readonly interactionsPerUser?: number;
  /** Share of rows left by people without an account, in [0, 0.5]; 0.05 by default. */
  readonly anonymousShare?: number;
  /** Chance that a purchase repeats one of the customer's own, in [0, 0.5]; 0.01 by default. */
  readonly repeatShare?: number;
  /** First day, `YYYY-MM-DD` (UTC); 2023-01-01 by default. */
  readonly start?: string;
  /** Length of the recorded time in days, in [30, 36500]; 730 by default. */
  readonly days?: number;
}

/** The defaults of {@link ShopOptions}. */
export const SHOP_DEFAULTS: Required<ShopOptions> = Object.freeze({
  users: 4000,
  items: 2000,
  seed: 7,
  interactionsPerUser: 16,
  anonymousShare: 0.05,
  repeatShare: 0.01,
  start: '2023-01-01',
  days: 730,
});

/**
 * Fills in the defaults.
 *
 * @throws TowerkitError `BAD_OPTIONS` naming the option, its value and what it may be
 */
export function resolveShopOptions(options: ShopOptions = {}): Required<ShopOptions> {
  if (typeof options !== 'object' || options === null) throw bad('options', options, 'an object');
  const known = Object.keys(SHOP_DEFAULTS);
  for (const name of Object.keys(options))
    if (!known.includes(name))
      throw new TowerkitError('BAD_OPTIONS', `a shop has no option "${name}"`, {
        hint: `the options are ${known.join(', ')}`,
        details: { option: name },
      });
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const all: Required<ShopOptions> = { ...SHOP_DEFAULTS, ...given };
  integer('users', all.users, 10, 10_000_000);
  integer('items', all.items, 100, 1_000_000);
  if (!Number.isSafeInteger(all.seed)) throw bad('seed', all.seed, 'a safe integer');
  within('interactionsPerUser', all.interactionsPerUser, 6, all.items / 5);
  within('anonymousShare', all.anonymousShare, 0, 0.5);
  within('repeatShare', all.repeatShare, 0, 0.5);
  if (!/^\d{4}-\d\d-\d\d$/.test(all.start) || !isDay(all.start))
    throw bad('start', all.start, 'a day as YYYY-MM-DD');
  integer('days', all.days, 30, 36_500);
  return all;
}

/** Whether the calendar has that day: `Date` takes 2023-02-31 for 2023-03-03. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function integer(name: string, value: unknown, low: number, high: number) {
  if (!Number.isInteger(value)) throw bad(name, value, `an integer in [${low}, ${high}]`);
  within(name, value, low, high);
}

function within(name: string, value: unknown, low: number, high: number) {
  if (typeof value !== 'number' || !(value >= low && value <= high))
    throw bad(name, value, `a number in [${low}, ${high}]`);
}

const bad = (name: string, value: unknown, wanted: string) =>
  new TowerkitError('BAD_OPTIONS', `the shop's ${name} must be ${wanted}, got ${String(value)}`, {
    details: { option: name, value },
  });

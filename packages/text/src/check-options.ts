import { TowerkitError } from '@towerkit/core';

/** @throws TowerkitError `BAD_OPTION` unless `value` is an integer of at least `least` */
export function requireCount(name: string, value: unknown, least = 1): asserts value is number {
  if (!Number.isSafeInteger(value) || (value as number) < least)
    throw badOption(name, value, `must be an integer of at least ${least}`);
}

/** An error that names the option. */
export const badOption = (name: string, value: unknown, must: string) =>
  new TowerkitError('BAD_OPTION', `${name} ${must}, got ${JSON.stringify(value) ?? String(value)}`, {
    details: { option: name, value },
  });

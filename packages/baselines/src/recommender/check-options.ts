import { badOption } from '@towerkit/core';

/** @throws TowerkitError `BAD_OPTION` unless `value` is a finite number of at least `least`, or above it */
export function requireNumber(
  name: string,
  value: unknown,
  least = -Infinity,
  { above = false } = {},
): asserts value is number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < least || (above && value === least))
    throw badOption(
      name,
      value,
      least === -Infinity
        ? 'must be a number'
        : `must be a number ${above ? 'above' : 'of at least'} ${least}`,
    );
}

/** @throws TowerkitError `BAD_OPTION` unless `value` is one of `allowed` */
export function requireOneOf<T extends string>(
  name: string,
  value: unknown,
  allowed: readonly T[],
): asserts value is T {
  if (!allowed.includes(value as T)) throw badOption(name, value, `must be one of ${allowed.join(', ')}`);
}

/** @throws TowerkitError `BAD_OPTION` unless `value` is true or false */
export function requireBoolean(name: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') throw badOption(name, value, 'must be true or false');
}

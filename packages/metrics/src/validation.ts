import { TowerkitError } from './errors.js';

/** `k` as a cutoff: a positive integer, or `Infinity` for the whole ranking. */
export function requireCutoff(k: number): void {
  if (!(k >= 1) || (k !== Infinity && !Number.isSafeInteger(k)))
    throw new TowerkitError('BAD_K', `k must be a positive integer, got ${k}`, { details: { k } });
}

/** A count of something, at least `least`. */
export function requireCount(name: string, value: number, least = 1): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new TowerkitError('BAD_OPTION', `${name} must be an integer of at least ${least}, got ${value}`, {
      details: { [name]: value },
    });
}

/** One of the values that an option has. */
export function requireChoice(name: string, value: unknown, choices: readonly unknown[]): void {
  if (choices.includes(value)) return;
  throw new TowerkitError(
    'BAD_OPTION',
    `${name} must be one of ${choices.join(', ')}, got ${JSON.stringify(value) ?? String(value)}`,
    { details: { option: name, value } },
  );
}

/** The probability an interval is to cover. */
export function requireLevel(level: number): void {
  if (!(level > 0 && level < 1))
    throw new TowerkitError('BAD_OPTION', `level must lie between 0 and 1, got ${level}`, {
      details: { level },
    });
}

/** Two arrays that go together, entry by entry. */
export function requireSameLength(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  nameOfA: string,
  nameOfB: string,
): void {
  if (a.length !== b.length)
    throw new TowerkitError(
      'SHAPE_MISMATCH',
      `${nameOfA} has ${a.length} entries, ${nameOfB} has ${b.length}`,
      { details: { [nameOfA]: a.length, [nameOfB]: b.length } },
    );
}

/** One value or more, one per user, every one of them finite. */
export function requireUserValues(values: ArrayLike<number>): void {
  if (values.length === 0) throw new TowerkitError('NO_USERS', 'there are no users to take a mean over');
  requireFinite(values);
}

/** Values that are all finite. */
export function requireFinite(values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new TowerkitError('NON_FINITE_VALUE', `value ${i} is ${values[i]}`, {
        details: { index: i, value: values[i] },
      });
}

/**
 * The number that a flag of a program here gives: a run of no minutes or no tries would find nothing wrong.
 *
 * @param name of the flag, for the message
 * @throws Error where it is no number above 0
 */
export function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw new Error(`--${name} takes a number above 0, not ${text}`);
  return value;
}

/**
 * The names that a flag lists, separated by commas.
 *
 * @param name of the flag, for the message
 * @param text all names by default
 * @throws Error where one is none of them
 */
export function listed<Name extends string>(
  name: string,
  text: string | undefined,
  from: readonly Name[],
): Name[] {
  if (text === undefined) return [...from];
  const given = text.split(',');
  if (given.some((one) => !from.includes(one as Name)))
    throw new Error(`--${name} takes ${from.join(', ')}, not ${text}`);
  return from.filter((one) => given.includes(one));
}

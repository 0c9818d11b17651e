/** All that a log could show of an error, down its causes. */
export function inspectAll(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, stack, cause, ...rest } = error as Error;
  return [message, stack, JSON.stringify(rest), cause === undefined ? '' : inspectAll(cause)].join('\n');
}

/** A signal of a time that is over, or of somebody who stops the work. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Lets go of both. */
  release(): void;
}

/**
 * Aborts after so many minutes, or as soon as another signal does. (`AbortSignal.any` of a `timeout` is not kept alive by those who
 * wait for it: Node may collect it before its time.)
 *
 * @param minutes none for no limit
 */
export function deadline(minutes: number | undefined, other: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const abort = () => controller.abort(other?.aborted ? other.reason : undefined);
  if (other?.aborted) abort();
  other?.addEventListener('abort', abort, { once: true });
  const timer =
    minutes === undefined ? undefined : setTimeout(abort, Math.min(minutes * 60_000, 2 ** 31 - 1));
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      other?.removeEventListener('abort', abort);
    },
  };
}

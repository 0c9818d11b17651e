/** Thrown where work cannot be kept for later: it was interrupted, and what it had begun is cleared away. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Turns Ctrl-C into an orderly stop. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C back its usual meaning. */
  release(): void;
}

/**
 * The first Ctrl-C (or SIGTERM) aborts the signal, so that work can be saved; the second ends the process at once.
 *
 * @param onFirst says that it was heard
 */
export function onInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const listener = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    onFirst();
  };
  process.on('SIGINT', listener).on('SIGTERM', listener);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', listener).off('SIGTERM', listener);
    },
  };
}

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

/** npm passes a Ctrl-C on that the terminal has sent already: what comes at once is the same one. */
const ECHO = 500;

/**
 * The first Ctrl-C (or SIGTERM) aborts the signal, so that work can be saved; the second ends the process at once.
 *
 * @param onFirst says that it was heard
 */
export function onInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  let heard = Infinity;
  const listener = () => {
    if (performance.now() - heard > ECHO) process.exit(130);
    if (controller.signal.aborted) return;
    heard = performance.now();
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

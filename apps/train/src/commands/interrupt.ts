/** Thrown where work cannot be kept for later: it was interrupted, and what it had begun is cleared away. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Turns Ctrl-C, SIGTERM and a closed terminal into an orderly stop. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives the signals back their usual meaning. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes a Ctrl-C on that the terminal has sent already: what comes at once is the same one. */
const ECHO = 500;

/**
 * The first Ctrl-C, SIGTERM or SIGHUP aborts the signal, so that work can be saved; a second Ctrl-C or SIGTERM ends the
 * process at once. A terminal that closes may send SIGHUP several times: no more than the first is heard. (Under `nohup`,
 * too: Node undoes what it sets.)
 *
 * @param onFirst says that it was heard
 */
export function onInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  let heard = Infinity;
  const listener = (signal: NodeJS.Signals) => {
    if (signal !== 'SIGHUP' && performance.now() - heard > ECHO) process.exit(130);
    if (controller.signal.aborted) return;
    heard = performance.now();
    controller.abort();
    onFirst();
  };
  for (const name of SIGNALS) process.on(name, listener);
  return {
    signal: controller.signal,
    release() {
      for (const name of SIGNALS)
        // A closing terminal that was heard may repeat itself until the process has ended.
        if (name !== 'SIGHUP' || !controller.signal.aborted) process.off(name, listener);
    },
  };
}

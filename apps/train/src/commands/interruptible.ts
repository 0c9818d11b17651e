import { progressDisplay, type ProgressDisplay } from '../report/progress.js';
import { Interrupted, onInterrupt } from './interrupt.js';

/**
 * Runs work that shows its progress and stops in order at the first Ctrl-C, SIGTERM or SIGHUP.
 *
 * @param onFirst says that the signal was heard
 * @returns 0, the exit status of a command that did its work
 * @throws Interrupted where the signal came before the work failed: its error says nothing more
 */
export async function interruptible(
  work: (display: ProgressDisplay, signal: AbortSignal) => Promise<void>,
  onFirst: () => void = () => undefined,
): Promise<number> {
  const display = progressDisplay();
  const interrupt = onInterrupt(() => {
    display.stop();
    onFirst();
  });
  try {
    await work(display, interrupt.signal);
    return 0;
  } catch (error) {
    if (interrupt.signal.aborted) throw new Interrupted();
    throw error;
  } finally {
    display.stop();
    interrupt.release();
  }
}

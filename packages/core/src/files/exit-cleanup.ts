import { rmSync } from 'node:fs';

/** What is to be done when this process ends, by path. */
const pending = new Map<string, () => void>();
let listens = false;

/**
 * Has a file or folder removed if the process ends, by `process.exit` or an error that nobody catches, before
 * {@link cleanedUp} is called. A signal that kills the process leaves the file to the next writer.
 *
 * @param undo what to do instead of removing it
 */
export function cleanUpAtExit(path: string, undo?: () => void): void {
  if (!listens) process.once('exit', undoAll);
  listens = true;
  pending.set(path, undo ?? (() => rmSync(path, { recursive: true, force: true, maxRetries: 3 })));
}

/** Takes {@link cleanUpAtExit} back: the file or folder is in its place by now, or removed. */
export function cleanedUp(path: string): void {
  pending.delete(path);
}

function undoAll(): void {
  for (const undo of [...pending.values()].reverse())
    try {
      undo();
    } catch {
      // The next writer removes what resists here.
    }
}

import { TowerkitError } from '@towerkit/core';

/** Nobody reads any more: a pipe whose reader ended, a terminal that was closed. */
const GONE = ['EPIPE', 'EIO', 'ECONNRESET', 'ENXIO', 'ERR_STREAM_DESTROYED'];

/**
 * Lets the command work on when what it writes to is lost. Without this, Node ends the process at the first line that
 * cannot be written, and a training with it.
 *
 * A reader that is gone (`| head -1`, a closed terminal) does not count: what is written then is dropped, and the status
 * is that of the work. Output that cannot be kept, as on a full disk, is reported when the work is done.
 *
 * @returns the error to report once what was written has arrived, if there is one: `UNWRITABLE`
 */
export function outliveStreams(): () => Promise<TowerkitError | undefined> {
  let failed: TowerkitError | undefined;
  const streams = [
    ['stdout', process.stdout],
    ['stderr', process.stderr],
  ] as const;
  for (const [name, stream] of streams)
    stream.on('error', (cause: NodeJS.ErrnoException) => {
      if (GONE.includes(cause.code ?? '')) return;
      failed ??= new TowerkitError('UNWRITABLE', `${name} cannot be written: ${cause.message}`, {
        hint: 'free space where it goes, or send it elsewhere; files that the command wrote are whole',
        details: { stream: name },
        cause,
      });
    });
  return async () => {
    // The callback of a write comes after those of the writes before it, also where one failed.
    for (const [, stream] of streams) await new Promise<void>((resolve) => stream.write('', () => resolve()));
    return failed;
  };
}

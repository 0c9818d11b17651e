import { holdPath, removeTemporaryFiles } from '@towerkit/core/files';
import { join } from 'node:path';

import { BEST, LAST } from './checkpoint.js';

/**
 * Runs a training as the only one that keeps its checkpoints in a folder: of two, each would write over the other's, and a
 * resumed run would go on from either. Half a checkpoint of a run that was killed is removed first.
 *
 * @param folder absent for a run that keeps none
 * @throws TowerkitError `LOCKED` naming the other process; `UNWRITABLE`
 */
export function holdCheckpoints<T>(folder: string | undefined, run: () => Promise<T>): Promise<T> {
  if (folder === undefined) return run();
  // The lock is in the folder, which may be a volume of its own.
  return holdPath(join(folder, LAST), async () => {
    await removeTemporaryFiles(folder, (name) => name === BEST);
    return run();
  });
}

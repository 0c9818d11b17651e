import { readFile } from 'node:fs/promises';

import { TowerkitError } from '../errors.js';

/**
 * What a JSON file of a space says, not yet checked.
 *
 * @throws TowerkitError `BAD_SPACE` for a file that cannot be read or is not JSON
 */
export async function readSpace(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new TowerkitError('BAD_SPACE', `${file}: ${(cause as Error).message.split('\n')[0]}`, {
      hint: 'a space is a JSON file: {"optimizer.learningRate": {"min": 0.001, "max": 0.1, "log": true}}',
      details: { file },
      cause,
    });
  }
}

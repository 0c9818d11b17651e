import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { TowerkitError } from '../errors.js';

/**
 * Makes sure, before hours of training, that an artifact can be written to a folder: by making and removing a
 * folder where it will stand. Nothing is left behind.
 *
 * @throws TowerkitError `UNWRITABLE`; `FOLDER_IN_USE` when the folder holds something other than an artifact,
 *   which writing would replace
 */
export async function checkOutput(out: string): Promise<void> {
  const target = resolve(out);
  const present = await readdir(target).catch((): string[] => []);
  if (present.length > 0 && !present.includes('manifest.json'))
    throw new TowerkitError(
      'FOLDER_IN_USE',
      `${out} holds other files than an artifact's, and would be replaced`,
      {
        hint: 'choose a new or empty folder with --out',
        details: { path: target },
      },
    );
  const made: string[] = [];
  try {
    const standing = await stat(target).catch(() => undefined);
    if (standing && !standing.isDirectory()) throw new Error('a file stands there, not a folder');
    for (const folder of missing(dirname(target), await existing(dirname(target)))) {
      await mkdir(folder);
      made.unshift(folder);
    }
    const probe = join(dirname(target), `.${randomUUID()}.tmp`);
    await mkdir(probe);
    await rm(probe, { recursive: true });
  } catch (cause) {
    throw new TowerkitError('UNWRITABLE', `cannot write ${out}: ${(cause as Error).message}`, {
      hint: 'choose with --out a folder that can be made, and that you may write to',
      details: { path: target },
      cause,
    });
  } finally {
    for (const folder of made) await rmdir(folder).catch(() => undefined);
  }
}

/** The nearest folder above that exists. */
async function existing(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  return found || dirname(folder) === folder ? folder : existing(dirname(folder));
}

/** The folders between one that exists and one that is wanted, from the top. */
function missing(wanted: string, from: string): string[] {
  return wanted === from ? [] : [...missing(dirname(wanted), from), wanted];
}

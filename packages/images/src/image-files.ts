import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { TowerkitError } from './errors.js';

/** An image on disk. */
export interface ImageFile {
  /** Its name without the ending: the id of what it shows. */
  readonly id: string;
  readonly path: string;
}

const ENDINGS = ['.png', '.jpg', '.jpeg', '.webp', '.gif', '.tif', '.tiff', '.avif'];

/**
 * The images of a folder, sorted by their ids. Folders within it, and files that do not end as images do, are left out.
 *
 * @throws TowerkitError `FILE_NOT_FOUND` for no such folder; `EMPTY_DATA` for one without an image; `DUPLICATE_ID` for two images
 *   of one id, such as `a.png` and `a.jpg`
 */
export async function imageFiles(folder: string): Promise<ImageFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: Error) => {
    throw new TowerkitError('FILE_NOT_FOUND', `there is no folder ${folder}`, {
      details: { file: folder },
      cause,
    });
  });
  const files = entries
    .filter(
      (entry) =>
        (entry.isFile() || entry.isSymbolicLink()) && ENDINGS.includes(extname(entry.name).toLowerCase()),
    )
    .map(({ name }) => ({ id: name.slice(0, -extname(name).length), path: join(folder, name), name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1)); // by code units: the same on every machine
  if (files.length === 0)
    throw new TowerkitError('EMPTY_DATA', `${folder} has no image`, {
      hint: `images end in ${ENDINGS.join(', ')}`,
      details: { file: folder },
    });
  const seen = new Map<string, string>();
  for (const { id, name } of files) {
    const other = seen.get(id);
    if (other !== undefined)
      throw new TowerkitError('DUPLICATE_ID', `${folder} has two images of "${id}": ${other} and ${name}`, {
        hint: 'keep one image of each id',
        details: { id },
      });
    seen.set(id, name);
  }
  return files.map(({ id, path }) => ({ id, path })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

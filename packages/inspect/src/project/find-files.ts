import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { TowerkitError } from '../errors.js';

const TABLES = /\.(csv|tsv|txt|dat|data|json|jsonl|ndjson|parquet|tab|psv|item|user|inter)(\.gz)?$/i;
/** Files of projects that are no data. */
const OTHERS =
  /^(package(-lock)?|tsconfig.*|turbo|\.?eslintrc|requirements.*|license|readme|robots)\.(json|txt)$/i;
const IMAGES = ['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif', '.bmp', '.tif', '.tiff'];

/**
 * The files to look at: those given, and of each folder given the tables in it.
 *
 * @param given files and folders; none stands for the current folder, or its folder `data`
 * @throws TowerkitError `FILE_NOT_FOUND`; `NO_DATA` for a folder without a table, also one of images
 */
export async function findFiles(given: readonly string[]): Promise<string[]> {
  if (given.length === 0) {
    const here = await tablesIn('.');
    const found = here.length > 0 ? here : await tablesIn('data').catch(() => []);
    if (found.length > 0) return found;
    throw new TowerkitError('NO_DATA', 'there is no CSV, TSV, JSON lines or Parquet file here', {
      hint: 'name the files: the interactions, and those of items and users if there are any',
    });
  }
  const files: string[] = [];
  for (const path of given) {
    const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
      throw new TowerkitError('FILE_NOT_FOUND', `there is no file or folder ${path}`, {
        details: { file: path },
        cause,
      });
    });
    if (!found.isDirectory()) files.push(path);
    else files.push(...(await folderTables(path)));
  }
  return [...new Set(files)];
}

async function folderTables(path: string): Promise<string[]> {
  const tables = await tablesIn(path);
  if (tables.length > 0) return tables;
  const names = await readdir(path);
  const images = names.filter((name) => IMAGES.includes(extname(name).toLowerCase())).length;
  throw new TowerkitError(
    'NO_DATA',
    images > 0
      ? `${path} is a folder of ${images} images, not of tables`
      : `${path} has no CSV, TSV, JSON lines or Parquet file`,
    {
      hint:
        images > 0
          ? 'give the interactions; `towerkit embed-images` then makes vectors of the images, which a config reads under data.features.vectors'
          : 'name the files, whatever they are called',
      details: { file: path },
    },
  );
}

async function tablesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter(
      (entry) =>
        !entry.isDirectory() &&
        TABLES.test(entry.name) &&
        !OTHERS.test(entry.name) &&
        !entry.name.startsWith('.') &&
        !entry.name.startsWith('towerkit.config.'),
    )
    .map(({ name }) => join(folder, name))
    .sort();
}

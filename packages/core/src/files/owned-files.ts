import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { TowerkitError } from '../errors.js';
import { unwritable } from './unwritable.js';

/**
 * Names of the files of a folder that its writer made, relative to it and with `/`, such as those that a manifest in it lists.
 * None for a folder that is not of the writer's kind.
 */
export type OwnedFiles = (folder: string) => Promise<readonly string[]> | readonly string[];

/**
 * Makes sure that replacing a folder loses nothing but what its writer made. A folder that is empty or absent will do.
 *
 * @param path how the folder was named, for messages
 * @throws TowerkitError `FOLDER_IN_USE` naming one of the other files; `UNWRITABLE` for a folder that cannot be looked into
 */
export async function requireOwned(folder: string, owned: OwnedFiles, path = folder): Promise<void> {
  if ((await entriesOf(folder)).length === 0) return;
  const files = new Set(await owned(folder));
  const folders = new Set([...files].flatMap(foldersAbove));
  const other = await otherThan(folder, '', files, folders);
  if (other === undefined) return;
  throw new TowerkitError(
    'FOLDER_IN_USE',
    `${path} holds other files than those that this would replace, such as ${JSON.stringify(other)}`,
    {
      hint: 'choose a new or empty folder, or move what else is in it elsewhere',
      details: { path: folder, file: other },
    },
  );
}

const foldersAbove = (file: string): string[] =>
  [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index));

/** The first name that is not listed. Folders without a listed file are not entered: a wrong one may be huge. */
async function otherThan(
  root: string,
  within: string,
  files: ReadonlySet<string>,
  folders: ReadonlySet<string>,
): Promise<string | undefined> {
  for (const entry of await entriesOf(join(root, within))) {
    const name = within === '' ? entry.name : `${within}/${entry.name}`;
    if (!entry.isDirectory()) {
      if (!files.has(name)) return name;
    } else {
      const other = folders.has(name) ? await otherThan(root, name, files, folders) : name;
      if (other !== undefined) return other;
    }
  }
  return undefined;
}

const entriesOf = (folder: string) =>
  readdir(folder, { withFileTypes: true }).then(
    (entries) => entries.sort((a, b) => (a.name < b.name ? -1 : 1)),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw unwritable(folder, error);
    },
  );

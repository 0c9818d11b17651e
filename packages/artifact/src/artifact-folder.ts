import { holdFolder, type HeldPath } from '@towerkit/core/files';

import { MANIFEST, readManifestText } from './artifact-file.js';
import { parseManifest } from './manifest.js';

/**
 * The files of a folder that are an artifact's: those that a valid manifest in it lists, and the manifest. None without one: a
 * `manifest.json` of something else, such as a web page, makes no artifact.
 *
 * @returns names relative to the folder, with `/`
 */
export async function artifactFiles(folder: string): Promise<readonly string[]> {
  try {
    return [MANIFEST, ...Object.keys(parseManifest(folder, await readManifestText(folder)).files)];
  } catch {
    return [];
  }
}

/**
 * Runs work as the only writer of an artifact's folder, which need not exist: `saveArtifact`, `writeArtifact` and
 * `rewriteArtifact` within it write the same artifact, and no other process does until it ends.
 *
 * @throws TowerkitError `LOCKED` naming the other writer; `FOLDER_IN_USE` naming a file of the folder that is not an
 *   artifact's; `UNWRITABLE`; whatever `work` throws
 * @example
 * ```ts
 * await holdArtifact('artifacts/shop', async () => saveArtifact('artifacts/shop', await trainForHours()));
 * ```
 */
export const holdArtifact = <T>(folder: string, work: (held: HeldPath) => Promise<T>): Promise<T> =>
  holdFolder(folder, work, { owned: artifactFiles });

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Manifest {
  createdAt: string;
  files: Record<string, { bytes: number; sha256: string }>;
}

/** Changes the manifest of a copy. */
async function rewrite(folder: string, change: (manifest: Manifest) => Promise<void> | void): Promise<void> {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  await change(manifest);
  await writeFile(path, JSON.stringify(manifest));
}

/** Gives a copy a version of its own. */
export const renew = (folder: string, time: string): Promise<void> =>
  rewrite(folder, (manifest) => void (manifest.createdAt = time));

/** Makes the manifest of a copy fit a file that was changed. */
export const seal = (folder: string, name: string): Promise<void> =>
  rewrite(folder, async (manifest) => {
    const bytes = await readFile(join(folder, name));
    manifest.files[name] = {
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
  });

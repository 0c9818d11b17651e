import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Gives an artifact another version, so that a server takes it for a new one: its manifest is replaced by one of another time. */
export async function renewArtifact(folder: string): Promise<void> {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  const createdAt = new Date(Date.parse(manifest.createdAt as string) + 1000).toISOString();
  await writeFile(`${path}.new`, JSON.stringify({ ...manifest, createdAt }));
  await rename(`${path}.new`, path);
}

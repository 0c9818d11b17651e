import { rm } from 'node:fs/promises';

export default async function clean() {
  const folder = globalThis.towerkitServeArtifacts;
  if (folder) await rm(folder, { recursive: true, force: true });
}

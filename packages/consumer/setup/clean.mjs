import { rm } from 'node:fs/promises';

/** Removes the tarballs and every project made beside them. */
export default async function clean() {
  if (process.env.TOWERKIT_TARBALLS)
    await rm(process.env.TOWERKIT_TARBALLS, { recursive: true, force: true, maxRetries: 5 });
}

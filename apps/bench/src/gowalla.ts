import { presplit, readInteractions } from '@towerkit/data';
import { join } from 'node:path';

/** Gowalla as it comes split, in one set of ids. */
export async function gowalla(folder: string) {
  const [train, validation] = await Promise.all(
    ['train.txt.gz', 'valid.txt.gz'].map((file) => readInteractions({ path: join(folder, file) })),
  );
  return presplit({ train, validation }).split;
}

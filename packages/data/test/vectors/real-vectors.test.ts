import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { readVectors } from '../../src/index.js';
import { halfValue } from './encode-files.js';

/** The posters of MovieLens: below TOWERKIT_SHARED, or `shared` beside a folder above. */
function posters(): string | undefined {
  const places = process.env.TOWERKIT_SHARED ? [process.env.TOWERKIT_SHARED] : [];
  for (let at = import.meta.dirname; at !== dirname(at); at = dirname(at))
    places.push(join(dirname(at), 'shared'));
  return places
    .map((place) => join(place, 'datasets/movielens-1m-posters'))
    .find((place) => existsSync(place));
}

(posters() ? describe : describe.skip)('vectors of movie posters, as NumPy saved them', () => {
  test('every value is the one in the file', async () => {
    const path = join(posters()!, 'poster-vectors-1280.f16.npy');
    const { vectors, ids } = await readVectors({ path, ids: join(posters()!, 'poster-vectors.ids.txt') });
    expect([vectors.rows, vectors.cols, ids!.size]).toEqual([3872, 1280, 3872]);
    const bytes = await readFile(path);
    const start = bytes.length - 2 * vectors.data.length;
    const differs = vectors.data.findIndex(
      (value, i) => value !== halfValue(bytes.readUInt16LE(start + 2 * i)),
    );
    expect(differs).toBe(-1);
  });
});

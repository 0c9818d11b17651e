import { isTowerkitError } from '@towerkit/core';
import { readRegular } from '@towerkit/core/files';

import { TowerkitError } from './errors.js';

/** Bytes of a ground that a page is asked to draw, at most. */
const MOST = 64 * 2 ** 20;

/**
 * Reads a GeoJSON file of lines that a map is drawn over, such as `towerkit geo-features --ground` writes.
 *
 * @returns the file as it is
 * @throws TowerkitError `FILE_NOT_FOUND`; `BAD_FILE` for one that is no collection of features or larger than 64 MiB
 * @example
 * ```ts
 * const ground = await readGround('ground.geojson');
 * ```
 */
export async function readGround(path: string): Promise<Buffer> {
  const bytes = await readRegular(path).catch((cause: Error) => {
    throw isTowerkitError(cause)
      ? cause
      : new TowerkitError('FILE_NOT_FOUND', `cannot read ${path}: ${cause.message}`, {
          details: { file: path },
          cause,
        });
  });
  const bad = (what: string, cause?: unknown) =>
    new TowerkitError('BAD_FILE', `${path} ${what}`, {
      hint: 'towerkit geo-features --ground FILE writes one',
      details: { file: path },
      cause,
    });
  if (bytes.length > MOST) throw bad(`has ${bytes.length} bytes, more than a page should draw`);
  let found: unknown;
  try {
    found = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw bad('is not JSON', cause);
  }
  const { type, features } = (found ?? {}) as { readonly type?: unknown; readonly features?: unknown };
  if (type !== 'FeatureCollection' || !Array.isArray(features))
    throw bad('is no GeoJSON collection of features');
  return bytes;
}

import { open, type FileHandle } from 'node:fs/promises';

import { requireCount, type OnProgress } from '@towerkit/core';

import { requireClassTable, type ClassTable } from './classes/class-table.js';
import { DEFAULT_CLASSES } from './classes/default-classes.js';
import { TagMatcher } from './classes/match-tags.js';
import { badFile, TowerkitError } from './errors.js';
import { readGeoJson } from './geojson/read-geojson.js';
import type { GeoMap } from './map/geo-map.js';
import { MapBuilder } from './map/map-builder.js';
import { Nearby } from './map/nearby.js';
import { readPbf } from './pbf/read-pbf.js';
import { isKnown, requireInRange, type MaybePlace } from './places.js';
import { requireMetres } from './reach.js';

/** Options of {@link readMap}. */
export interface ReadMapOptions {
  /** What belongs to which class, {@link DEFAULT_CLASSES} by default. */
  readonly classes?: ClassTable;
  /** Keeps what is within so many metres of one of these places, and forgets the rest at once; everything by default. */
  readonly around?: { readonly places: readonly MaybePlace[]; readonly metres: number };
  /** Nodes of ways that are looked up at a time, some 40 bytes each; the nodes are read once for each time. Default 4,000,000. */
  readonly batchNodes?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Reads an OpenStreetMap extract (`.osm.pbf`) or a GeoJSON file (`.geojson`, `.json`), one block or feature at a time. What belongs
 * to no class is passed over, so memory goes with what is kept, not with the file; of relations the ways are kept until the end.
 *
 * @throws TowerkitError `FILE_NOT_FOUND`; `BAD_FILE` for a file that is cut off, damaged or of another format; `UNKNOWN_FORMAT` by
 *   the ending of the name; `BAD_VALUE` for places out of range; `BAD_OPTION`; the signal's reason when it was aborted
 * @example
 * ```ts
 * const map = await readMap('manhattan.osm.pbf');
 * map.counts(); // {pois: 4310, places: 17, ...}
 * ```
 */
export async function readMap(path: string, options: ReadMapOptions = {}): Promise<GeoMap> {
  const { classes = DEFAULT_CLASSES, around, batchNodes = 4_000_000, onProgress, signal } = options;
  requireClassTable(classes);
  requireCount('batchNodes', batchNodes);
  const isPbf = /\.pbf$/i.test(path);
  if (!isPbf && !/\.(geo)?json$/i.test(path))
    throw new TowerkitError('UNKNOWN_FORMAT', `cannot read ${path} as a map`, {
      hint: 'maps end in .osm.pbf, .geojson or .json',
      details: { file: path },
    });
  const builder = new MapBuilder(new TagMatcher(classes), around && nearbyOf(around));
  const file = await opened(path);
  try {
    const extent = isPbf
      ? await readPbf(file, path, builder, { batchNodes, onProgress, signal })
      : await readGeoJson(file, path, builder, { onProgress, signal });
    return builder.finish(extent, around?.metres);
  } finally {
    await file.close();
  }
}

function nearbyOf({ places, metres }: NonNullable<ReadMapOptions['around']>): Nearby {
  requireInRange(places);
  requireMetres('around.metres', metres);
  return new Nearby(places.filter(isKnown), metres);
}

async function opened(path: string): Promise<FileHandle> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
      throw new TowerkitError('FILE_NOT_FOUND', `there is no file ${path}`, {
        details: { file: path },
        cause,
      });
    throw badFile(path, cause.message, undefined, cause);
  });
  const found = await file.stat();
  if (found.isFile()) return file;
  await file.close();
  throw badFile(path, found.isDirectory() ? 'it is a folder' : 'it is not a regular file', 'name a file');
}

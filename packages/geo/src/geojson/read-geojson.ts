import type { FileHandle } from 'node:fs/promises';

import { JSONParser } from '@streamparser/json';
import type { OnProgress } from '@towerkit/core';

import { badFile } from '../errors.js';
import { ExtentOfPoints, type Extent } from '../map/extent.js';
import type { MapBuilder } from '../map/map-builder.js';
import { addFeature } from './add-feature.js';

/** How a file is read. */
export interface ReadGeoJsonOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Values that are handed over as they are whole: each feature of a collection, or the parts of a feature or geometry. */
const PATHS = ['$.features.*', '$.type', '$.properties', '$.geometry', '$.coordinates', '$.geometries'];

const BYTES = 1 << 16;

/**
 * Reads a GeoJSON file (RFC 7946: longitude first, WGS 84) into a map, feature by feature.
 *
 * @returns the box of its coordinates
 * @throws TowerkitError `BAD_FILE` for a file that is cut off or no GeoJSON
 */
export async function readGeoJson(
  file: FileHandle,
  path: string,
  builder: MapBuilder,
  { onProgress, signal }: ReadGeoJsonOptions,
): Promise<Extent | undefined> {
  const seen = new ExtentOfPoints();
  const alone: Record<string, unknown> = {};
  let features = 0;
  const take = (feature: unknown) => {
    try {
      addFeature(feature, builder, seen);
    } catch (cause) {
      throw badFile(path, `feature ${features}: ${(cause as Error).message}`, HINT, cause);
    }
    features++;
  };
  // Failures are kept, not thrown: the parser would report an error thrown in its callback as one of its own.
  let failure: unknown;
  const parser = new JSONParser({ paths: PATHS, keepStack: false });
  parser.onValue = ({ value, key, stack }) => {
    if (failure !== undefined) return;
    try {
      if (stack.length > 1) take(value);
      else alone[String(key)] = value;
    } catch (error) {
      failure = error;
    }
  };
  parser.onError = (error) => {
    failure ??= badFile(path, `it is no JSON: ${error.message}`, HINT, error);
  };
  const bytes = new Uint8Array(BYTES);
  for (let at = 0; failure === undefined;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(bytes, 0, BYTES, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    parser.write(bytes.slice(0, bytesRead));
    onProgress?.({ stage: 'read map', done: features, unit: 'features' });
  }
  if (failure !== undefined) throw failure;
  if (!parser.isEnded) throw badFile(path, `it is cut off after ${features} features`);
  if (alone.type !== 'FeatureCollection')
    take(alone.type === 'Feature' ? alone : { type: 'Feature', properties: {}, geometry: alone });
  return seen.extent;
}

const HINT = 'GeoJSON (RFC 7946) has features with a geometry, longitude before latitude';

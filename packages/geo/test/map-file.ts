import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A feature of GeoJSON. */
export interface Feature {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry: { readonly type: string; readonly coordinates: unknown } | null;
}

export const feature = (
  properties: Readonly<Record<string, unknown>>,
  type: string,
  coordinates: unknown,
): Feature => ({ properties, geometry: { type, coordinates } });

export const collection = (features: readonly Feature[]): string =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: features.map((one) => ({ type: 'Feature', ...one })),
  });

/** Runs with a file of this content, which is gone after that. */
export async function withFile<T>(
  name: string,
  content: string | Uint8Array,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-geo-'));
  try {
    const path = join(folder, name);
    await writeFile(path, content);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Metres of a degree of latitude and of longitude at a latitude (WGS 84), by their series. */
export const metresOfDegree = (lat: number) => {
  const phi = (lat * Math.PI) / 180;
  return {
    lat: 111132.954 - 559.822 * Math.cos(2 * phi) + 1.175 * Math.cos(4 * phi),
    lon: 111412.84 * Math.cos(phi) - 93.5 * Math.cos(3 * phi) + 0.118 * Math.cos(5 * phi),
  };
};

/** Coordinates of a point so many metres to the east and the north of another. */
export const moved = ({ lat, lon }: { lat: number; lon: number }, east: number, north: number) => {
  const metres = metresOfDegree(lat);
  return [lon + east / metres.lon, lat + north / metres.lat];
};

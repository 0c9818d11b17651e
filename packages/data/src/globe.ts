/** A place on the globe, in degrees. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** Mean radius of the Earth, in kilometres. */
export const EARTH = 6371.0088;

/** Position of a place from the centre of the Earth, in kilometres: x, y, z. */
export function onGlobe({ latitude, longitude }: Coordinates): [number, number, number] {
  const [lat, lon] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return [
    EARTH * Math.cos(lat) * Math.cos(lon),
    EARTH * Math.cos(lat) * Math.sin(lon),
    EARTH * Math.sin(lat),
  ];
}

/**
 * Kilometres over the ground of a spherical Earth between two positions, from the length of the chord c between them: 2 R asin(c / 2R),
 * which is exact for near places, where the arc cosine of an inner product is not.
 */
export const groundDistance = (chord: number): number =>
  2 * EARTH * Math.asin(Math.min(1, chord / (2 * EARTH)));

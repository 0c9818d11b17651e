/** WGS 84: half the long axis in metres, and the square of the first eccentricity. */
const AXIS = 6378137;
const FLATTENING = 1 / 298.257223563;
const E2 = FLATTENING * (2 - FLATTENING);
const RADIAN = Math.PI / 180;

/** Metres of one degree of latitude at the pole, the most there are, and of longitude at the equator. */
const LEAST_METRES_A_DEGREE = 110_574;

/**
 * A point of the WGS 84 ellipsoid in metres from the center of the earth. Without heights: as on the sea.
 *
 * @param out takes x, y and z from `at` on
 */
export function toEarth(lon: number, lat: number, out: Float64Array, at = 0): void {
  const sin = Math.sin(lat * RADIAN);
  const cos = Math.cos(lat * RADIAN);
  const normal = AXIS / Math.sqrt(1 - E2 * sin * sin);
  out[at] = normal * cos * Math.cos(lon * RADIAN);
  out[at + 1] = normal * cos * Math.sin(lon * RADIAN);
  out[at + 2] = normal * (1 - E2) * sin;
}

/** Longitude and latitude in degrees of a point of {@link toEarth}. */
export function degreesOf(x: number, y: number, z: number): [lon: number, lat: number] {
  return [Math.atan2(y, x) / RADIAN, Math.atan2(z, (1 - E2) * Math.hypot(x, y)) / RADIAN];
}

/**
 * The plane that touches the earth at a point, in metres to the east and to the north of it: an orthographic projection, the same
 * at the date line and at the poles as anywhere. Distances are short by (r / earth's radius)^2 / 6: a billionth at 500 m, 10
 * millionths at 50 km.
 */
export class Plane {
  /** Unit vectors to the east and to the north; the east has no third component. */
  readonly eastX: number;
  readonly eastY: number;
  readonly northX: number;
  readonly northY: number;
  readonly northZ: number;
  /** East and north of the center of the earth, taken away from each point. */
  readonly east0: number;
  readonly north0: number;

  /** @param lon @param lat where it touches, in degrees */
  constructor(lon: number, lat: number) {
    const [sinLon, cosLon] = [Math.sin(lon * RADIAN), Math.cos(lon * RADIAN)];
    const [sinLat, cosLat] = [Math.sin(lat * RADIAN), Math.cos(lat * RADIAN)];
    this.eastX = -sinLon;
    this.eastY = cosLon;
    this.northX = -sinLat * cosLon;
    this.northY = -sinLat * sinLon;
    this.northZ = cosLat;
    const point = new Float64Array(3);
    toEarth(lon, lat, point);
    this.east0 = this.eastX * point[0] + this.eastY * point[1];
    this.north0 = this.northX * point[0] + this.northY * point[1] + this.northZ * point[2];
  }

  /** Metres to the east of a point of {@link toEarth}. */
  x(points: Float64Array, at: number): number {
    return this.eastX * points[at] + this.eastY * points[at + 1] - this.east0;
  }

  /** Metres to the north. */
  y(points: Float64Array, at: number): number {
    return (
      this.northX * points[at] + this.northY * points[at + 1] + this.northZ * points[at + 2] - this.north0
    );
  }
}

/** Degrees of latitude that hold so many metres, rather too many than too few. */
export const latDegrees = (metres: number): number => metres / LEAST_METRES_A_DEGREE;

/**
 * Degrees of longitude on each side of a point within which everything lies that is at most so many metres away; 180 where a
 * pole is that near.
 */
export function lonDegrees(metres: number, lat: number): number {
  const reach = latDegrees(metres) * RADIAN;
  const cos = Math.cos(lat * RADIAN);
  // On a sphere sin(longitude) = sin(reach) / cos(latitude) where the circle is widest.
  return Math.abs(lat) * RADIAN + reach >= Math.PI / 2 || Math.sin(reach) >= cos
    ? 180
    : Math.asin(Math.sin(reach) / cos) / RADIAN;
}

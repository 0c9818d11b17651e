/** A box of longitudes and latitudes in degrees; it crosses the date line where `west` is greater than `east`. */
export class Extent {
  constructor(
    readonly west: number,
    readonly south: number,
    readonly east: number,
    readonly north: number,
  ) {}

  contains(lon: number, lat: number): boolean {
    if (lat < this.south || lat > this.north) return false;
    return this.west <= this.east
      ? lon >= this.west && lon <= this.east
      : lon >= this.west || lon <= this.east;
  }

  /** Whether a box of so many degrees on each side of a point lies inside as a whole. */
  containsAround(lon: number, lat: number, lonDegrees: number, latDegrees: number): boolean {
    if (lat - latDegrees < this.south || lat + latDegrees > this.north) return false;
    if (this.east - this.west >= 360) return true;
    const width = (this.east - this.west + 360) % 360;
    const from = (((lon - lonDegrees - this.west) % 360) + 360) % 360;
    return from + 2 * lonDegrees <= width;
  }
}

/** Collects points into the smallest box; one of points on both sides of the date line goes around the earth. */
export class ExtentOfPoints {
  #west = Infinity;
  #south = Infinity;
  #east = -Infinity;
  #north = -Infinity;

  add(lon: number, lat: number): void {
    if (lon < this.#west) this.#west = lon;
    if (lon > this.#east) this.#east = lon;
    if (lat < this.#south) this.#south = lat;
    if (lat > this.#north) this.#north = lat;
  }

  /** Undefined before the first point. */
  get extent(): Extent | undefined {
    return this.#west <= this.#east
      ? new Extent(this.#west, this.#south, this.#east, this.#north)
      : undefined;
  }
}

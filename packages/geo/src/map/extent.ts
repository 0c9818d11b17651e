/** A box of longitudes and latitudes in degrees; it crosses the date line where `west` is greater than `east`. */
export class Extent {
  constructor(
    readonly west: number,
    readonly south: number,
    readonly east: number,
    readonly north: number,
  ) {}

  /** Whether a place lies in the box, its edge included; degrees. */
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

/** Collects points into a box: one across the date line where that makes it narrower than half of the earth. */
export class ExtentOfPoints {
  #west = Infinity;
  #south = Infinity;
  #east = -Infinity;
  #north = -Infinity;
  /** The same from 0 to 360 degrees. */
  #turnedWest = Infinity;
  #turnedEast = -Infinity;

  add(lon: number, lat: number): void {
    if (lon < this.#west) this.#west = lon;
    if (lon > this.#east) this.#east = lon;
    if (lat < this.#south) this.#south = lat;
    if (lat > this.#north) this.#north = lat;
    const turned = lon < 0 ? lon + 360 : lon;
    if (turned < this.#turnedWest) this.#turnedWest = turned;
    if (turned > this.#turnedEast) this.#turnedEast = turned;
  }

  /** Undefined before the first point. */
  get extent(): Extent | undefined {
    if (this.#west > this.#east) return undefined;
    const isAcross = this.#turnedEast > 180 && this.#turnedWest <= 180;
    return isAcross && this.#turnedEast - this.#turnedWest < 180
      ? new Extent(this.#turnedWest, this.#south, this.#turnedEast - 360, this.#north)
      : new Extent(this.#west, this.#south, this.#east, this.#north);
  }
}

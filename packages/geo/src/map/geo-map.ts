import Flatbush from 'flatbush';

import type { ClassRule } from '../classes/class-table.js';
import { boxesAround } from './nearby.js';
import type { Extent } from './extent.js';
import type { Place } from '../places.js';

/** What a shape is measured as. */
export const [POINT, LINE, AREA] = [0, 1, 2];

/** Numbers of a chunk: x, y, z of its center and the radius of a ball around it, in metres, and the length of its edges. */
export const CHUNK = 5;

/** Numbers of a ball. */
export const BALL = 4;

/** Shapes of a map as flat arrays; a shape is a point, a line of one or more parts, or an area with all of its rings. */
export interface Shapes {
  /** [shapes] {@link POINT}, {@link LINE} or {@link AREA}. */
  readonly kinds: Uint8Array;
  /** [shapes + 1] Where the classes of a shape begin in `classes`. */
  readonly classStart: Uint32Array;
  /** Row numbers of classes. */
  readonly classes: Uint16Array;
  /** [shapes + 1] Where the chunks of a shape begin. */
  readonly chunkStart: Uint32Array;
  /** [chunks, {@link CHUNK}] */
  readonly chunks: Float64Array;
  /** [chunks] First and last point of each chunk; the last is the first of the next one of a ring or line. */
  readonly pointFrom: Uint32Array;
  readonly pointTo: Uint32Array;
  /** [points, 3] metres from the center of the earth. */
  readonly points: Float64Array;
  /** [shapes, {@link BALL}] x, y, z of the center of a ball around the shape and its radius, in metres. */
  readonly balls: Float64Array;
  /** [shapes] Metres of a line, square metres of an area, 1 for a point. */
  readonly whole: Float64Array;
  /** [shapes, 4] west, south, east, north in degrees. */
  readonly boxes: Float64Array;
}

/** What could not be used of a file. */
export interface LeftOut {
  /** Areas that lack a way or a point, as at the edge of an extract. */
  readonly incomplete: number;
  /** Things with the tags of an area that are none: not closed, without content, around a pole, or beyond repair. */
  readonly broken: number;
  /** Areas that crossed or touched themselves and were cut apart: they count. */
  readonly repaired: number;
}

/** What stands where: the things of a file that belong to a class, ready to be measured around places. */
export class GeoMap {
  readonly #index: Flatbush | undefined;
  readonly #seen: Uint32Array;
  #round = 0;

  /** @internal */
  constructor(
    /** Names of the classes, in the order of the table. */
    readonly classNames: readonly string[],
    readonly rules: readonly ClassRule[],
    /** What the file covers; undefined for one without a point. */
    readonly extent: Extent | undefined,
    readonly leftOut: LeftOut,
    /** Metres around the places it was read for; undefined for a map of everything. */
    readonly within: number | undefined,
    /** @internal */
    readonly shapes: Shapes,
  ) {
    const { boxes, kinds } = shapes;
    this.#seen = new Uint32Array(kinds.length);
    if (kinds.length === 0) return;
    this.#index = new Flatbush(kinds.length);
    for (let k = 0; k < boxes.length; k += 4)
      this.#index.add(boxes[k], boxes[k + 1], boxes[k + 2], boxes[k + 3]);
    this.#index.finish();
  }

  /** Number of things kept. */
  get size(): number {
    return this.shapes.kinds.length;
  }

  /** Number of things of each class. */
  counts(): Readonly<Record<string, number>> {
    const counts = this.classNames.map(() => 0);
    for (const row of this.shapes.classes) counts[row]++;
    return Object.fromEntries(this.classNames.map((name, row) => [name, counts[row]]));
  }

  /**
   * Shapes whose box comes within so many metres of a place, each once, in an order that depends on the map alone.
   *
   * @internal
   */
  around(place: Place, metres: number): number[] {
    if (this.#index === undefined) return [];
    const boxes = boxesAround(place, metres);
    const found: number[] = [];
    const round = ++this.#round;
    for (const { west, south, east, north } of boxes)
      for (const shape of this.#index.search(west, south, east, north)) {
        if (this.#seen[shape] === round) continue;
        this.#seen[shape] = round;
        found.push(shape);
      }
    return found;
  }
}

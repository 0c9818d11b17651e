import type { TagMatcher } from '../classes/match-tags.js';
import { Plane, toEarth } from '../measure/earth.js';
import { areaRings } from '../shapes/area-rings.js';
import { boxOf, inSteps, unwrapped, withoutRepeats, type Box, type Path } from '../shapes/path.js';
import type { Extent } from './extent.js';
import { AREA, CHUNK, GeoMap, LINE, POINT, type LeftOut } from './geo-map.js';
import type { Nearby } from './nearby.js';
import { NumberList } from './number-list.js';

/** Edges of a chunk: as many as are looked at when a circle touches one of them. */
const EDGES = 16;

/** Takes the things of a file one by one; what is near no place is forgotten at once. */
export class MapBuilder {
  readonly #lists = {
    kinds: new NumberList(),
    classStart: new NumberList(),
    classes: new NumberList(),
    chunkStart: new NumberList(),
    chunks: new NumberList(),
    pointFrom: new NumberList(),
    pointTo: new NumberList(),
    points: new NumberList(),
    balls: new NumberList(),
    whole: new NumberList(),
    boxes: new NumberList(),
  };
  readonly #leftOut = { incomplete: 0, broken: 0, repaired: 0 } satisfies LeftOut;
  readonly #point = new Float64Array(3);

  constructor(
    readonly matcher: TagMatcher,
    readonly nearby: Nearby | undefined,
  ) {}

  /** An area that lacks a part. */
  incomplete(): void {
    this.#leftOut.incomplete++;
  }

  /** Tags of an area on what is none. */
  broken(): void {
    this.#leftOut.broken++;
  }

  point(classes: readonly number[], lon: number, lat: number): void {
    const box = { west: lon, south: lat, east: lon, north: lat };
    if (classes.length === 0 || this.#isFar(box)) return;
    this.#begin(POINT, classes, box);
    toEarth(lon, lat, this.#point);
    this.#lists.chunks.pushAll([...this.#point, 0, 0]);
    this.#lists.pointFrom.push(0);
    this.#lists.pointTo.push(0);
    this.#lists.balls.pushAll([...this.#point, 0]);
    this.#lists.whole.push(1);
  }

  /** @param parts lines of one thing, each of two points or more */
  line(classes: readonly number[], parts: readonly Path[]): void {
    const paths = sideBySide(parts.map(withoutRepeats).filter((path) => path.length >= 4));
    if (classes.length === 0 || paths.length === 0) return;
    const box = boxOf(paths);
    if (this.#isFar(box)) return;
    this.#begin(LINE, classes, box);
    const from = this.#lists.pointFrom.length;
    for (const path of paths) this.#addPath(inSteps(path));
    this.#addShapeBall(from);
    this.#lists.whole.push(this.#lengthFrom(from));
  }

  /**
   * @param outers rings around the area, first and last point equal; @param inners rings around its holes
   * @param pointClasses classes that take it as a point at the center of its box
   */
  area(
    classes: readonly number[],
    outers: readonly Path[],
    inners: readonly Path[],
    pointClasses: readonly number[] = [],
  ): void {
    if (classes.length === 0 && pointClasses.length === 0) return;
    const aligned = sideBySide([...outers, ...inners]);
    const box = boxOf(aligned.slice(0, outers.length));
    if (this.#isFar(box)) return;
    this.point(pointClasses, wrapped((box.west + box.east) / 2), (box.south + box.north) / 2);
    if (classes.length === 0) return;
    const found = areaRings(aligned.slice(0, outers.length), aligned.slice(outers.length));
    if (found === undefined) return this.broken();
    if (found.repaired) this.#leftOut.repaired++;
    this.#begin(AREA, classes, box);
    const from = this.#lists.pointFrom.length;
    for (const ring of found.rings) this.#addPath(inSteps(ring));
    this.#addShapeBall(from);
    this.#lists.whole.push(this.#areaFrom(from, box));
  }

  finish(extent: Extent | undefined, within: number | undefined): GeoMap {
    const {
      kinds,
      classStart,
      classes,
      chunkStart,
      chunks,
      pointFrom,
      pointTo,
      points,
      balls,
      whole,
      boxes,
    } = this.#lists;
    classStart.push(classes.length);
    chunkStart.push(pointFrom.length);
    return new GeoMap(this.matcher.names, this.matcher.rules, extent, this.#leftOut, within, {
      kinds: Uint8Array.from(kinds.view()),
      classStart: Uint32Array.from(classStart.view()),
      classes: Uint16Array.from(classes.view()),
      chunkStart: Uint32Array.from(chunkStart.view()),
      chunks: chunks.trimmed(),
      pointFrom: Uint32Array.from(pointFrom.view()),
      pointTo: Uint32Array.from(pointTo.view()),
      points: points.trimmed(),
      balls: balls.trimmed(),
      whole: whole.trimmed(),
      boxes: boxes.trimmed(),
    });
  }

  #isFar(box: Box): boolean {
    return this.nearby !== undefined && !this.nearby.touches(box);
  }

  #begin(kind: number, classes: readonly number[], { west, south, east, north }: Box): void {
    const lists = this.#lists;
    lists.kinds.push(kind);
    lists.classStart.push(lists.classes.length);
    lists.classes.pushAll(classes);
    lists.chunkStart.push(lists.pointFrom.length);
    lists.boxes.pushAll([west, south, east, north]);
  }

  #addPath(path: Path): void {
    const { points, pointFrom, pointTo } = this.#lists;
    const first = points.length / 3;
    for (let k = 0; k < path.length; k += 2) {
      toEarth(path[k], path[k + 1], this.#point);
      points.pushAll(this.#point);
    }
    const last = points.length / 3 - 1;
    for (let from = first; from < last; from += EDGES) {
      const to = Math.min(last, from + EDGES);
      this.#addBall(from, to);
      pointFrom.push(from);
      pointTo.push(to);
    }
  }

  #addBall(from: number, to: number): void {
    const { chunks, points } = this.#lists;
    const all = points.view();
    let length = 0;
    for (let k = 3 * from; k < 3 * to; k += 3)
      length += Math.hypot(all[k + 3] - all[k], all[k + 4] - all[k + 1], all[k + 5] - all[k + 2]);
    chunks.pushAll([...ballAround(all, from, to), length]);
  }

  /** The ball around the points of the chunks from one on. */
  #addShapeBall(fromChunk: number): void {
    const { balls, points, pointFrom } = this.#lists;
    balls.pushAll(ballAround(points.view(), pointFrom.at(fromChunk), points.length / 3 - 1));
  }

  #lengthFrom(fromChunk: number): number {
    const chunks = this.#lists.chunks.view();
    let length = 0;
    for (let at = CHUNK * fromChunk; at < chunks.length; at += CHUNK) length += chunks[at + 4];
    return length;
  }

  /** Area of the rings of the chunks from one on, in the plane at the middle of their box. */
  #areaFrom(from: number, { west, south, east, north }: Box): number {
    const { points, pointFrom, pointTo } = this.#lists;
    const plane = new Plane((west + east) / 2, (south + north) / 2);
    const all = points.view();
    let twice = 0;
    for (let chunk = from; chunk < pointFrom.length; chunk++)
      for (let k = pointFrom.at(chunk); k < pointTo.at(chunk); k++)
        twice +=
          plane.x(all, 3 * k) * plane.y(all, 3 * k + 3) - plane.y(all, 3 * k) * plane.x(all, 3 * k + 3);
    return twice / 2;
  }
}

/** A ball around points: around the middle of their box. x, y, z and the radius, a little more than rounding may take away. */
function ballAround(points: Float64Array, from: number, to: number): number[] {
  const least = [Infinity, Infinity, Infinity];
  const most = [-Infinity, -Infinity, -Infinity];
  for (let k = 3 * from; k < 3 * to + 3; k++) {
    least[k % 3] = Math.min(least[k % 3], points[k]);
    most[k % 3] = Math.max(most[k % 3], points[k]);
  }
  const [x, y, z] = least.map((value, axis) => (value + most[axis]) / 2);
  let radius = 0;
  for (let k = 3 * from; k < 3 * to + 3; k += 3)
    radius = Math.max(radius, Math.hypot(points[k] - x, points[k + 1] - y, points[k + 2] - z));
  return [x, y, z, radius + 1e-6];
}

/** Paths of one thing without jumps at the date line, on the same side of it. */
function sideBySide(paths: readonly Path[]): Path[] {
  const straight = paths.map(unwrapped);
  return straight.map((path) => {
    const turns = Math.round((path[0] - straight[0][0]) / 360);
    return turns === 0 ? path : path.map((value, k) => (k % 2 === 0 ? value - 360 * turns : value));
  });
}

const wrapped = (lon: number) => (lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon);

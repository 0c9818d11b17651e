import type { SplitClasses } from '../classes/split-classes.js';
import type { MapBuilder } from '../map/map-builder.js';
import { NumberList } from '../map/number-list.js';
import type { EndedWay } from '../shapes/join-ways.js';
import type { Path } from '../shapes/path.js';
import type { NodeCoordinates } from './node-coordinates.js';
import type { Way } from './primitive-block.js';

/** Ways whose nodes are not known yet. */
export class WayBatch {
  readonly #ways: { id: number; classes: SplitClasses | undefined; isMember: boolean; from: number }[] = [];
  readonly #refs = new NumberList();

  /** Nodes of the ways so far, one for each time it comes. */
  get nodes(): number {
    return this.#refs.length;
  }

  /** @param isMember whether a relation needs its coordinates */
  add({ id, refs }: Way, classes: SplitClasses | undefined, isMember: boolean): void {
    this.#ways.push({ id, classes, isMember, from: this.#refs.length });
    this.#refs.pushAll(refs);
  }

  /** Ids of the nodes, a copy. */
  refs(): Float64Array {
    return this.#refs.trimmed();
  }

  /** Hands the ways to the map, and those that relations need to `members`; the batch is empty after that. */
  finish(nodes: NodeCoordinates, builder: MapBuilder, members: Map<number, EndedWay>): void {
    const refs = this.#refs.view();
    this.#ways.forEach(({ id, classes, isMember, from }, k) => {
      const own = refs.subarray(from, this.#ways[k + 1]?.from ?? refs.length);
      if (own.length === 0) return;
      const [first, last] = [own[0], own[own.length - 1]];
      const path = nodes.of(own);
      if (classes !== undefined) addWay(path, first === last, classes, builder);
      if (isMember && !path.some(Number.isNaN)) members.set(id, { first, last, path });
    });
    this.#ways.length = 0;
    this.#refs.clear();
  }
}

/** A closed way is an area for the classes of areas; as a line it is cut where nodes are missing. */
function addWay(path: Path, isClosed: boolean, classes: SplitClasses, builder: MapBuilder): void {
  if (classes.lines.length > 0) builder.line(classes.lines, knownParts(path));
  if (classes.areas.length + classes.centers.length === 0) return;
  if (!isClosed || path.length < 8) builder.broken();
  else if (path.some(Number.isNaN)) builder.incomplete();
  else builder.area(classes.areas, [path], [], classes.centers);
}

function knownParts(path: Path): Path[] {
  if (!path.some(Number.isNaN)) return [path];
  const parts: Path[] = [];
  for (let k = 0, from = 0; k <= path.length; k += 2)
    if (k === path.length || Number.isNaN(path[k])) {
      if (k > from) parts.push(path.subarray(from, k));
      from = k + 2;
    }
  return parts;
}

/** Coordinates of a line or ring: longitude and latitude of each point in turn, in degrees. A ring ends where it began. */
export type Path = Float64Array;

/** A box in degrees; `west` and `east` may lie beyond 180 where a shape crosses the date line. */
export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/**
 * Makes longitudes go on past 180 where a path crosses the date line: a step of more than 180 degrees is one across it.
 *
 * @returns the path itself where it crosses nothing
 */
export function unwrapped(path: Path): Path {
  let turns = 0;
  let out: Path | undefined;
  for (let k = 2; k < path.length; k += 2) {
    const step = path[k] - path[k - 2];
    if (Math.abs(step) > 180) {
      turns -= Math.sign(step);
      out ??= path.slice();
    }
    if (out) out[k] = path[k] + 360 * turns;
  }
  return out ?? path;
}

/** Without points that are equal to the one before. */
export function withoutRepeats(path: Path): Path {
  let kept = 0;
  const out = path.slice();
  for (let k = 0; k < path.length; k += 2) {
    if (kept > 0 && path[k] === out[kept - 2] && path[k + 1] === out[kept - 1]) continue;
    out[kept++] = path[k];
    out[kept++] = path[k + 1];
  }
  return kept === path.length ? path : out.slice(0, kept);
}

/** The smallest box around some paths. */
export function boxOf(paths: readonly Path[]): Box {
  const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (const path of paths)
    for (let k = 0; k < path.length; k += 2) {
      if (path[k] < box.west) box.west = path[k];
      if (path[k] > box.east) box.east = path[k];
      if (path[k + 1] < box.south) box.south = path[k + 1];
      if (path[k + 1] > box.north) box.north = path[k + 1];
    }
  return box;
}

/** Degrees of a step that is short enough to be straight on the ground: it leaves the line of the map by 4 cm at most. */
const STEP = 0.01;
/** Steps that one edge is cut into at most. */
const MOST_STEPS = 1000;

/**
 * Cuts long edges into steps. An edge is straight in longitude and latitude (RFC 7946), which is not the shortest way on the
 * ground.
 */
export function inSteps(path: Path): Path {
  let steps = 0;
  for (let k = 2; k < path.length; k += 2) steps += stepsOf(path, k);
  if (steps === path.length / 2 - 1) return path;
  const out = new Float64Array(2 * (steps + 1));
  out[0] = path[0];
  out[1] = path[1];
  let at = 2;
  for (let k = 2; k < path.length; k += 2) {
    const count = stepsOf(path, k);
    for (let step = 1; step <= count; step++, at += 2) {
      const share = step / count;
      out[at] = step === count ? path[k] : path[k - 2] + share * (path[k] - path[k - 2]);
      out[at + 1] = step === count ? path[k + 1] : path[k - 1] + share * (path[k + 1] - path[k - 1]);
    }
  }
  return out;
}

const stepsOf = (path: Path, k: number): number => {
  const longest = Math.max(Math.abs(path[k] - path[k - 2]), Math.abs(path[k + 1] - path[k - 1]));
  return Math.min(MOST_STEPS, Math.max(1, Math.ceil(longest / STEP)));
};

/** Twice the signed area in square degrees: positive against the clock. */
export function twiceArea(ring: Path): number {
  let sum = 0;
  const [x0, y0] = [ring[0], ring[1]];
  for (let k = 2; k < ring.length; k += 2)
    sum += (ring[k - 2] - x0) * (ring[k + 1] - y0) - (ring[k] - x0) * (ring[k - 1] - y0);
  return sum;
}

/** The same ring the other way around. */
export function reversed(ring: Path): Path {
  const out = new Float64Array(ring.length);
  for (let k = 0; k < ring.length; k += 2) {
    out[k] = ring[ring.length - 2 - k];
    out[k + 1] = ring[ring.length - 1 - k];
  }
  return out;
}

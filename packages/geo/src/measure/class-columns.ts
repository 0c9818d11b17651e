import type { ClassRule } from '../classes/class-table.js';
import { BALL, LINE, POINT, type GeoMap } from '../map/geo-map.js';
import type { Plane } from './earth.js';
import { areaInside, lengthInside } from './inside.js';

/** The columns of a class, one of each kind for every radius. */
export interface ClassColumns {
  readonly counts: readonly Float64Array[];
  /** Metres of lines, square metres of areas; none of points. */
  readonly amounts: readonly Float64Array[];
}

const AMOUNTS = { points: undefined, lines: 'len', areas: 'area' } as const;

/** Empty columns for every class, and their names in the order of the table: `roads_100m_count`, `roads_100m_len`, ... */
export function classColumns(
  classNames: readonly string[],
  rules: readonly ClassRule[],
  radii: readonly number[],
  places: number,
): { names: string[]; columns: Record<string, Float64Array>; byClass: ClassColumns[] } {
  const columns: Record<string, Float64Array> = {};
  const column = (name: string) => (columns[name] = new Float64Array(places).fill(NaN));
  const byClass = classNames.map((name, row) => {
    const counts: Float64Array[] = [];
    const amounts: Float64Array[] = [];
    const amount = AMOUNTS[rules[row].kind];
    for (const radius of radii) {
      counts.push(column(`${name}_${radius}m_count`));
      if (amount !== undefined) amounts.push(column(`${name}_${radius}m_${amount}`));
    }
    return { counts, amounts };
  });
  return { names: Object.keys(columns), columns, byClass };
}

/** Adds what some shapes have inside each circle around a place to the row of the place. */
export function addShapes(
  { shapes }: GeoMap,
  found: readonly number[],
  plane: Plane,
  { radii, whole }: { readonly radii: readonly number[]; readonly whole: boolean },
  byClass: readonly ClassColumns[],
  row: number,
): void {
  for (const { counts, amounts } of byClass) for (const column of [...counts, ...amounts]) column[row] = 0;
  const { balls, kinds, classStart, classes } = shapes;
  for (const shape of found) {
    const at = BALL * shape;
    const x = plane.x(balls, at);
    const y = plane.y(balls, at);
    const away = Math.sqrt(x * x + y * y);
    const ball = balls[at + 3];
    for (let circle = 0; circle < radii.length; circle++) {
      const radius = radii[circle];
      if (away - ball > radius) continue;
      let amount = shapes.whole[shape];
      if (!(amount > 0)) continue;
      if (away + ball > radius) {
        const part =
          kinds[shape] === LINE
            ? lengthInside(shapes, shape, plane, radius)
            : areaInside(shapes, shape, plane, radius);
        if (part === 0) continue;
        if (!whole) amount = part;
      }
      for (let k = classStart[shape]; k < classStart[shape + 1]; k++) {
        const { counts, amounts } = byClass[classes[k]];
        counts[circle][row]++;
        if (kinds[shape] !== POINT) amounts[circle][row] += amount;
      }
    }
  }
}

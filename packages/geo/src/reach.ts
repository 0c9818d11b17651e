import { badOption } from '@towerkit/core';

export const DEFAULT_RADII: readonly number[] = [100, 200, 500];
export const NEAREST_WITHIN = 2000;

/** Metres that the plane of a place reaches with an error of a hundred thousandth. */
export const MOST_METRES = 50_000;

/** @throws TowerkitError `BAD_OPTION` */
export function requireMetres(option: string, metres: unknown): void {
  if (!(typeof metres === 'number' && metres > 0 && metres <= MOST_METRES))
    throw badOption(option, metres, `must be metres, more than 0 and ${MOST_METRES} at most`);
}

/**
 * The radii, if they are some.
 *
 * @throws TowerkitError `BAD_OPTION`
 */
export function requireRadii(radii: readonly number[]): readonly number[] {
  if (!Array.isArray(radii) || radii.length === 0)
    throw badOption('radii', radii, 'must be a list of metres');
  for (const radius of radii) requireMetres('radii', radius);
  if (new Set(radii).size < radii.length) throw badOption('radii', radii, 'must not name a radius twice');
  return radii;
}

/**
 * Row numbers of the classes whose nearest is looked for.
 *
 * @throws TowerkitError `BAD_OPTION`
 */
export function requireNearest(
  classNames: readonly string[],
  nearest: readonly string[],
  within: number,
): number[] {
  requireMetres('nearestWithin', within);
  if (new Set(nearest).size < nearest.length)
    throw badOption('nearest', nearest, 'must not name a class twice');
  return nearest.map((name) => {
    const row = classNames.indexOf(name);
    if (row < 0) throw badOption('nearest', name, `must name classes: ${classNames.join(', ')}`);
    return row;
  });
}

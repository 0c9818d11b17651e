import type { SplitClasses } from '../classes/split-classes.js';
import type { MapBuilder } from '../map/map-builder.js';
import { joinWays, type EndedWay } from '../shapes/join-ways.js';
import type { Member } from './primitive-block.js';

/** A relation that is an area of some class. */
export interface AreaRelation {
  readonly classes: SplitClasses;
  readonly members: readonly Member[];
}

const WAY = 1;

/** Ids of the ways that some relations consist of. */
export const memberWays = (relations: readonly AreaRelation[]): Set<number> =>
  new Set(relations.flatMap(({ members }) => members.filter(({ type }) => type === WAY).map(({ id }) => id)));

/**
 * Puts the areas of relations together from their ways: the rings of the role `inner` are holes, all others are around them.
 * One that lacks a way, or whose ways form no whole rings, is counted as incomplete.
 */
export function addRelations(
  relations: readonly AreaRelation[],
  ways: ReadonlyMap<number, EndedWay>,
  builder: MapBuilder,
): void {
  for (const { classes, members } of relations) {
    const parts = members.filter(({ type }) => type === WAY);
    const ringsOf = (isHole: boolean) => {
      const found = parts.filter(({ role }) => (role === 'inner') === isHole).map(({ id }) => ways.get(id));
      return found.every((way) => way !== undefined) ? joinWays(found) : undefined;
    };
    const [outers, inners] = [ringsOf(false), ringsOf(true)];
    if (outers === undefined || inners === undefined || outers.length === 0) builder.incomplete();
    else builder.area(classes.areas, outers, inners, classes.centers);
  }
}

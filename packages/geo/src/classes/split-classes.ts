import type { Tags } from './class-table.js';
import type { TagMatcher } from './match-tags.js';

/** Classes of one thing, by what they measure. */
export interface SplitClasses {
  readonly points: readonly number[];
  readonly lines: readonly number[];
  readonly areas: readonly number[];
  /** Classes of points that take an area for a point. */
  readonly centers: readonly number[];
}

/** Which classes take a thing as a point, as a line and as an area; undefined for a thing of none. */
export function splitClasses(matcher: TagMatcher, tags: Tags | undefined): SplitClasses | undefined {
  if (tags === undefined || ![...tags.keys()].some((key) => matcher.knows(key))) return undefined;
  const found = matcher.classesOf(tags);
  if (found.length === 0) return undefined;
  const of = (kind: string) => found.filter((row) => matcher.rules[row].kind === kind);
  const points = of('points');
  return {
    ...{ points, lines: of('lines'), areas: of('areas') },
    centers: points.filter((row) => matcher.rules[row].areas === true),
  };
}

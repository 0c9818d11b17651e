import { badOption } from '@towerkit/core';

/** Which values of each key: `true` for any, or those named. One that fits is enough. */
export type TagRule = Readonly<Record<string, true | readonly string[]>>;

/** What belongs to a class of things around a place. */
export interface ClassRule {
  /**
   * What is measured inside a circle: `points` are counted; of `lines` also the length, of `areas` also the area.
   */
  readonly kind: 'points' | 'lines' | 'areas';
  /** Tags of which a thing has at least one. */
  readonly tags: TagRule;
  /** Tags of which it has none. */
  readonly without?: TagRule;
  /** Of `points`: whether an area with these tags counts as a point at its center. Default false. */
  readonly areas?: boolean;
}

/** Rules by the name of their class, in the order of the columns. */
export type ClassTable = Readonly<Record<string, ClassRule>>;

/** The tags of one thing. */
export type Tags = ReadonlyMap<string, string>;

const KINDS: readonly string[] = ['points', 'lines', 'areas'];

/**
 * Checks a table that somebody wrote, such as one read from a file.
 *
 * @throws TowerkitError `BAD_OPTION` naming the class that is wrong
 * @example
 * ```ts
 * const table: unknown = JSON.parse('{"food": {"kind": "points", "tags": {"amenity": ["cafe"]}}}');
 * requireClassTable(table); // now it is a ClassTable
 * ```
 */
export function requireClassTable(table: unknown): asserts table is ClassTable {
  if (!isRecord(table) || Object.keys(table).length === 0)
    throw badOption('classes', table, 'must be rules by the name of their class');
  for (const [name, rule] of Object.entries(table)) {
    const option = `classes.${name}`;
    if (!/^[a-z][a-z0-9_]*$/.test(name))
      throw badOption('classes', name, 'must be named with small letters, digits and _, a letter first');
    if (!isRecord(rule) || !KINDS.includes(rule.kind as string))
      throw badOption(option, rule, `must have a kind of ${KINDS.join(', ')}`);
    if (!isTagRule(rule.tags) || Object.keys(rule.tags).length === 0)
      throw badOption(option, rule.tags, 'must have tags: true or a list of values for each key');
    if (rule.without !== undefined && !isTagRule(rule.without))
      throw badOption(option, rule.without, 'must have true or a list of values for each key of without');
    if (rule.areas !== undefined && (typeof rule.areas !== 'boolean' || rule.kind !== 'points'))
      throw badOption(option, rule.areas, 'may say areas, true or false, for points only');
    const unknown = Object.keys(rule).find((key) => !['kind', 'tags', 'without', 'areas'].includes(key));
    if (unknown !== undefined) throw badOption(option, unknown, 'has a field that does not exist');
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTagRule = (rule: unknown): rule is TagRule =>
  isRecord(rule) &&
  Object.values(rule).every(
    (values) =>
      values === true || (Array.isArray(values) && values.every((value) => typeof value === 'string')),
  );

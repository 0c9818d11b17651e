import type { ClassRule, ClassTable, TagRule, Tags } from './class-table.js';

/** Says which classes the tags of a thing belong to. */
export class TagMatcher {
  /** Names of the classes, in the order of the table. */
  readonly names: readonly string[];
  readonly rules: readonly ClassRule[];
  readonly #compiled: readonly { tags: Compiled; without: Compiled }[];
  readonly #keys: ReadonlySet<string>;

  constructor(table: ClassTable) {
    this.names = Object.keys(table);
    this.rules = Object.values(table);
    this.#compiled = this.rules.map(({ tags, without = {} }) => ({
      tags: compiled(tags),
      without: compiled(without),
    }));
    this.#keys = new Set(this.rules.flatMap(({ tags }) => Object.keys(tags)));
  }

  /** Whether a key is one that a class asks for: a thing without such a key belongs to none. */
  knows(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Row numbers of the classes of these tags, in the order of the table. */
  classesOf(tags: Tags): number[] {
    const found: number[] = [];
    this.#compiled.forEach(({ tags: wanted, without }, row) => {
      if (fits(tags, wanted) && !fits(tags, without)) found.push(row);
    });
    return found;
  }
}

type Compiled = readonly (readonly [key: string, values: true | ReadonlySet<string>])[];

const compiled = (rule: TagRule): Compiled =>
  Object.entries(rule).map(([key, values]) => [key, values === true ? true : new Set(values)]);

const fits = (tags: Tags, rule: Compiled): boolean =>
  rule.some(([key, values]) => {
    const value = tags.get(key);
    return value !== undefined && (values === true ? value !== 'no' : values.has(value));
  });

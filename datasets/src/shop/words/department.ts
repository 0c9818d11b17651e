/**
 * How the items of a shelf relate to each other: parts of a series are bought in order, accessories after the
 * `base` they fit; `plain` items stand alone.
 */
export type ShelfKind = 'base' | 'accessory' | 'series' | 'plain';

/** A subcategory: what is on it is called one of `nouns` and costs between the two prices. */
export interface Shelf {
  readonly name: string;
  readonly kind: ShelfKind;
  readonly nouns: readonly string[];
  /** What reviewers of its items talk about, five. */
  readonly aspects: readonly string[];
  readonly price: readonly [low: number, high: number];
}

/** A category with everything that is particular to it: its shelves, brands, systems and talk. */
export interface Department {
  readonly name: string;
  /** One shelf of each {@link ShelfKind}, in that order. */
  readonly shelves: readonly [Shelf, Shelf, Shelf, Shelf];
  /** From the cheapest to the dearest. */
  readonly brands: readonly string[];
  /** What a base is an instance of, and an accessory fits. */
  readonly systems: readonly string[];
  /** What its series are about. */
  readonly topics: readonly string[];
}

const shelf =
  (kind: ShelfKind) =>
  (name: string, nouns: string, aspects: string, low: number, high: number): Shelf => ({
    name,
    kind,
    nouns: nouns.split(', '),
    aspects: aspects.split(', '),
    price: [low, high],
  });

// A shelf of each kind, by its name, nouns, aspects and two prices; nouns and aspects are lists in a string.
export const base = shelf('base');
export const accessory = shelf('accessory');
export const series = shelf('series');
export const plain = shelf('plain');

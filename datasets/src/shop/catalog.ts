import type { Rng } from '@towerkit/core';

import { pick, popularityAt } from './draw.js';
import { DEPARTMENTS } from './words/departments.js';
import { STYLES } from './words/styles.js';
import { nameFamily, type ShopItem } from './naming.js';

/** The items with what lies behind them; every array has shape [items]. */
export interface Catalog {
  readonly items: readonly ShopItem[];
  /** Department, an index into `DEPARTMENTS`. */
  readonly department: Uint8Array;
  /** Shelf among all: 4 x department + place; place 0 base, 1 accessory, 2 series, 3 plain. */
  readonly shelf: Uint8Array;
  /** What the item is called, within its shelf. */
  readonly noun: Uint8Array;
  /** Brand within the department. */
  readonly brand: Uint8Array;
  /** Index into `STYLES`. */
  readonly style: Uint8Array;
  /** Price band, 0 (cheap) to 3 (dear). */
  readonly band: Uint8Array;
  /** System among all: 4 x department + place; -1 for items that belong to none. */
  readonly system: Int8Array;
  /** The part before this one in its series, an item; -1 for first parts and items that are no part. */
  readonly previous: Int32Array;
  /** The aspects of the item that please and that annoy, within its shelf. */
  readonly strength: Uint8Array;
  readonly weakness: Uint8Array;
  /** How good it is, about normal in [-1, 1]; moves ratings, not choices. */
  readonly quality: Float64Array;
  /** Weight in every choice, above 0. */
  readonly popularity: Float64Array;
}

/** How many families (a series, or an item by itself) a shelf gets, by place: base, accessory, series, plain. */
const SHELF_WEIGHTS = [1, 6, 2, 8];

/** Stocks the shop with `count` items: all shelves first, then shelves at random. */
export function stockCatalog(rng: Rng, count: number): Catalog {
  const catalog = {
    items: [] as ShopItem[],
    department: new Uint8Array(count),
    shelf: new Uint8Array(count),
    noun: new Uint8Array(count),
    brand: new Uint8Array(count),
    style: new Uint8Array(count),
    band: new Uint8Array(count),
    system: new Int8Array(count),
    previous: new Int32Array(count),
    strength: new Uint8Array(count),
    weakness: new Uint8Array(count),
    quality: new Float64Array(count),
    popularity: new Float64Array(count),
  };
  const places = SHELF_WEIGHTS.flatMap((weight, place) => Array<number>(weight).fill(place));
  const shelves = DEPARTMENTS.length * 4;
  for (let family = 0, first = 0; first < count; family++) {
    const shelf = family < shelves ? family : 4 * rng.integer(DEPARTMENTS.length) + pick(rng, places);
    const d = shelf >> 2;
    const place = shelf & 3;
    const department = DEPARTMENTS[d];
    const { nouns, aspects } = department.shelves[place];
    const noun = rng.integer(nouns.length);
    const brand = rng.integer(department.brands.length);
    const style = rng.integer(STYLES.length);
    const band = Math.min(3, Math.max(0, Math.floor((brand * 4) / 6 + rng.uniform() * 1.5 - 0.25)));
    const system = place < 2 ? rng.integer(4) : -1;
    const strength = rng.integer(aspects.length);
    const weakness = (strength + 1 + rng.integer(aspects.length - 1)) % aspects.length;
    const quality = rng.uniform() + rng.uniform() - 1;
    const popularity = popularityAt(rng.uniform());
    const parts = Math.min(count - first, place === 2 ? 3 + rng.integer(4) : 1);
    const members = nameFamily(rng, { department, place, noun, brand, style, band, system, strength, parts });
    for (let part = 0; part < parts; part++) {
      const i = first + part;
      catalog.items.push({ id: `P${String(i + 1).padStart(4, '0')}`, ...members[part] });
      catalog.department[i] = d;
      catalog.shelf[i] = shelf;
      catalog.noun[i] = noun;
      catalog.brand[i] = brand;
      catalog.style[i] = style;
      catalog.band[i] = band;
      catalog.system[i] = system < 0 ? -1 : 4 * d + system;
      catalog.previous[i] = part === 0 ? -1 : i - 1;
      catalog.strength[i] = strength;
      catalog.weakness[i] = weakness;
      catalog.quality[i] = quality;
      catalog.popularity[i] = popularity;
    }
    first += parts;
  }
  return catalog;
}

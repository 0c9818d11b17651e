import type { Rng } from '@towerkit/core';

import { pick } from './draw.js';
import type { Department } from './words/department.js';
import { STYLES } from './words/styles.js';

/** An item as the shop shows it; `undefined` where the shop does not know. */
export interface ShopItem {
  /** `P0001`, `P0002`, ... */
  readonly id: string;
  readonly title: string;
  readonly brand: string | undefined;
  /** One of eight. */
  readonly category: string;
  /** One of four in each category. */
  readonly subcategory: string;
  /** In dollars, above 0. */
  readonly price: number | undefined;
  readonly description: string | undefined;
}

const SERIES_WORDS = [
  'Saga',
  'Chronicles',
  'Stories',
  'Collection',
  'Files',
  'Sessions',
  'Journey',
  'Legends',
];
const SERIES_EPITHETS = [
  'Lost',
  'Golden',
  'Silent',
  'Endless',
  'Hidden',
  'Crimson',
  'Northern',
  'Last',
  'First',
];

/** What a family of items (a series, or one item) is, before it has names. */
export interface Family {
  readonly department: Department;
  readonly place: number;
  readonly noun: number;
  readonly brand: number;
  readonly style: number;
  readonly band: number;
  readonly system: number;
  readonly strength: number;
  readonly parts: number;
}

/**
 * Titles, prices and descriptions of a family's members. What a taste is about (brand, style, system, series)
 * can be read in the title; here and there a price, a brand or a description is missing.
 */
export function nameFamily(rng: Rng, family: Family): Omit<ShopItem, 'id'>[] {
  const { department, place, parts } = family;
  const shelf = department.shelves[place];
  const brand = department.brands[family.brand];
  const style = STYLES[family.style];
  const noun = shelf.nouns[family.noun];
  const word = pick(rng, style.words);
  const system = family.system < 0 ? '' : department.systems[family.system];
  const name = `The ${pick(rng, SERIES_EPITHETS)} ${pick(rng, department.topics)} ${pick(rng, SERIES_WORDS)}`;
  const model = `${pick(rng, [...'ABCDEFGHKLMNRSTVXZ'])}${10 + rng.integer(90)}`;
  const titleOf = (part: number) =>
    [
      `${brand} ${system} ${word} ${noun}`,
      `${brand} ${word} ${noun} for ${system}`,
      `${name}, Part ${part + 1} - ${word} ${noun} by ${brand}`,
      `${brand} ${word} ${noun} ${model}`,
    ][place];
  const purpose = [
    `The heart of the ${system} system.`,
    `Made to fit the ${system}.`,
    `From the series ${name}, in ${parts} ${parts === 1 ? 'part' : 'parts'}.`,
    `Model ${model}.`,
  ][place];
  const description =
    `${capitalized(style.name)} ${noun.toLowerCase()} by ${brand}. ${purpose} ` +
    `Known for its ${shelf.aspects[family.strength]}.`;
  const [low, high] = shelf.price;
  return Array.from({ length: parts }, (_, part) => {
    const dollars = Math.floor(low + ((high - low) * (family.band + rng.uniform())) / 4);
    return {
      title: titleOf(part),
      brand: rng.uniform() < 0.03 ? undefined : brand,
      category: department.name,
      subcategory: shelf.name,
      price: rng.uniform() < 0.04 ? undefined : dollars + pick(rng, [0.99, 0.95, 0.5, 0]),
      description: rng.uniform() < 0.05 ? undefined : description,
    };
  });
}

const capitalized = (word: string) => word[0].toUpperCase() + word.slice(1);

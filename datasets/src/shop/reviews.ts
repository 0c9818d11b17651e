import { Rng } from '@towerkit/core';

import { pick } from './draw.js';
import { bestFit } from './ratings.js';
import type { Shop } from './shop.js';
import type { Fit } from './tastes.js';
import { DEPARTMENTS } from './words/departments.js';
import { PHRASES } from './words/reviews.js';
import { STYLES } from './words/styles.js';

/** A title and a text, either of which may be empty. */
export interface Review {
  readonly title: string;
  readonly text: string;
}

/**
 * What the writer of row `row` said. Words go with the stars: 4 and 5 praise the item's strength, 1 and 2
 * complain of its weakness, 3 does a bit of each; the style, brand or price named is
 * what fits the customer best, or worst. 5% of titles and 8% of texts are empty.
 */
export function reviewOf(shop: Shop, row: number): Review {
  const { interactions, secrets, options } = shop;
  const { catalog } = secrets;
  const rng = new Rng(options.seed).fork(`review ${row}`);
  const item = interactions.item[row];
  const rating = interactions.rating[row];
  const mood = rating > 3 ? PHRASES.positive : rating === 3 ? PHRASES.mixed : PHRASES.negative;
  const department = DEPARTMENTS[catalog.department[item]];
  const shelf = department.shelves[catalog.shelf[item] & 3];
  const praised = rating > 3 || (rating === 3 && rng.uniform() < 0.5);
  const words: Record<string, string> = {
    noun: shelf.nouns[catalog.noun[item]].toLowerCase(),
    brand: department.brands[catalog.brand[item]],
    style: STYLES[catalog.style[item]].name,
    aspect: shelf.aspects[praised ? catalog.strength[item] : catalog.weakness[item]],
    shelf: shelf.name.toLowerCase(),
  };
  const say = (phrases: readonly string[]) =>
    pick(rng, phrases).replace(/\{(\w+)\}/g, (_, name: string) => words[name]);
  const title = rng.uniform() < 0.05 ? '' : say(mood.titles);
  if (rng.uniform() < 0.08) return { title, text: '' };
  const sentences = [say(mood.openings), say(mood.aspects)];
  if (rng.uniform() < 0.6) sentences.push(say(mood[facetOf(shop, row, rng)]));
  if (rng.uniform() < 0.3) sentences.reverse();
  if (rng.uniform() < 0.5) sentences.push(say(mood.closings));
  return { title, text: sentences.join(' ') };
}

/** What a known customer has to say something about: what fits them best if they are happy, worst if not. */
function facetOf({ interactions, secrets }: Shop, row: number, rng: Rng): keyof Fit {
  const profile = secrets.profiles[interactions.user[row]];
  if (profile === undefined) return pick(rng, FACETS);
  const fit = bestFit(secrets, profile, interactions.item[row]);
  const sign = interactions.rating[row] >= 3 ? -1 : 1;
  return rng.shuffle([...FACETS]).sort((a, b) => sign * (fit[a] - fit[b]))[0];
}

const FACETS = ['style', 'brand', 'price'] as const;

import { h, nameOf, svg } from './dom.js';

/** Colours that tell kinds apart; all further kinds share the last. */
export const COLOURS = 8;

let kinds = new Map();
let known = new Map();

/** Takes in what the server tells of its items: each kind gets a colour, the most common first. */
export function learnKinds({ items, kinds: columns }) {
  kinds = new Map(
    (columns[0]?.values ?? []).map(({ value }, place) => [value, Math.min(place, COLOURS - 1)]),
  );
  known = new Map(items.map((item) => [item.id, item]));
}

/** What is known of an item, by its id. */
export const knownItem = (id) => known.get(id);

/** The class of the colour of an item, or of a kind. */
export const colourOf = (kind) => `k${kinds.get(kind) ?? COLOURS - 1}`;

/** Shapes of 24 x 24; which one an item has follows from its id. */
const SHAPES = [
  'M4 20V8l8-5 8 5v12z',
  'M12 3l9 9-9 9-9-9z',
  'M4 5h16v5H4zM4 14h16v5H4z',
  'M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zm0 5a4 4 0 1 1 0 8a4 4 0 0 1 0-8z',
  'M3 20L12 4l9 16z',
  'M4 4h7v7H4zM13 13h7v7h-7zM13 4h7v7h-7z',
];

/** A sketch in place of an image: the colour of the item's kind, and a shape of its own. */
export function sketchOf({ id }) {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + letter.codePointAt(0)) >>> 0;
  return svg(
    'svg',
    {
      class: `sketch ${colourOf(known.get(id)?.kind)}`,
      viewBox: '0 0 24 24',
      'aria-hidden': 'true',
      focusable: 'false',
    },
    svg('path', { d: SHAPES[hash % SHAPES.length], 'fill-rule': 'evenodd' }),
  );
}

/**
 * An item as a line of a list, with a button.
 *
 * @param {object} item
 * @param {string} verb on the button
 * @param {() => void} click
 */
export const lineOf = (item, verb, click) =>
  h(
    'li',
    {},
    sketchOf(item),
    h('span', { class: 'name' }, nameOf(item)),
    h('button', { type: 'button', class: 'small', 'aria-label': `${verb} ${nameOf(item)}`, click }, verb),
  );

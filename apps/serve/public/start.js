import { byId, count, h, nameOf } from './dom.js';
import { sketchOf } from './sketch.js';

/** Popular items to begin with. */
const POPULAR = 8;

/**
 * What the page opens with: popular items of different kinds, and a few users of the data.
 *
 * @param {object} overview
 * @param {{pick: (item: object) => void, stepInto: (user: object) => void}} then
 */
export function showStart({ items, users }, { pick, stepInto }) {
  byId('popular').replaceChildren(
    ...varied(items, POPULAR).map((item) =>
      h(
        'li',
        {},
        h(
          'button',
          { type: 'button', class: 'tile', click: () => pick(item) },
          sketchOf(item),
          h('span', {}, h('span', { class: 'visually-hidden' }, 'Pick '), nameOf(item)),
          item.kind && h('small', {}, item.kind),
        ),
      ),
    ),
  );
  byId('people').replaceChildren(
    ...users.map((user) =>
      h(
        'li',
        {},
        h(
          'button',
          { type: 'button', class: 'person', click: () => stepInto(user) },
          h('strong', {}, user.id),
          ` had ${count(user.items, 'item')}, lately ${user.latest.slice(-2).reverse().map(nameOf).join('; ')}`,
        ),
      ),
    ),
  );
  byId('people-part').hidden = users.length === 0;
  byId('start').hidden = items.length === 0;
}

/** The most popular items, no more than two of a kind while there are others. */
function varied(items, most) {
  const taken = new Map();
  const [first, rest] = [[], []];
  for (const item of items) {
    const before = taken.get(item.kind) ?? 0;
    taken.set(item.kind, before + 1);
    (item.kind !== undefined && before >= 2 ? rest : first).push(item);
  }
  return [...first, ...rest].slice(0, most);
}

import { byId, count, distance, h, nameOf, svg } from './dom.js';
import { drawGround } from './ground.js';
import { colourOf, COLOURS } from './sketch.js';

/** Size of a map, in its own units. */
const [WIDTH, HEIGHT, EDGE] = [640, 420, 18];
/** Kilometres in a degree of latitude. */
const DEGREE = 111.2;

/** The maps that are drawn, by the id of their place. */
const maps = new Map();

/**
 * Draws the maps: items by what the model makes of them, and places where the catalog has coordinates, over the ground that the
 * server was given, if any. Nothing is fetched from elsewhere.
 *
 * @param {object} overview
 * @param {(item: object) => void} pick what a click on a point does
 */
export function showMaps({ items, kinds, shown }, pick) {
  const told = items.filter(({ x }) => x !== undefined);
  const placed = items.filter(({ latitude }) => latitude !== undefined);
  byId('map-part').hidden = told.length === 0;
  byId('places-part').hidden = placed.length === 0;
  if (told.length > 0) {
    byId('map-about').textContent =
      `${told.length.toLocaleString('en')} items; those that go together stand near each other. The plane shows ` +
      `${Math.round(100 * shown)}% of how they differ. A click on a point picks it.`;
    draw('map', told, ({ x, y }) => [x, -y], pick);
    byId('legend').replaceChildren(...legendOf(kinds[0]));
  }
  if (placed.length === 0) return;
  const middle = (placed.reduce((sum, { latitude }) => sum + latitude, 0) / placed.length) * (Math.PI / 180);
  byId('places-about').textContent = `${placed.length.toLocaleString('en')} places, north above.`;
  const at = ({ longitude, latitude }) => [longitude * Math.cos(middle), -latitude];
  const map = draw('places', placed, at, pick);
  map.unit = map.scale / DEGREE; // of the map in a kilometre
  map.layers.scale.replaceChildren(...scaleOf(map.unit));
  const project = (longitude, latitude) => map.project(at({ longitude, latitude }));
  // The points are of use without it.
  drawGround(map.layers.below, project, [WIDTH, HEIGHT]).catch(() => undefined);
}

function draw(place, items, at, pick) {
  const points = items.map(at);
  const range = (axis) => {
    const values = points.map((point) => point[axis]).sort((a, b) => a - b);
    return [values[0], values.at(-1)];
  };
  const [[left, right], [top, bottom]] = [range(0), range(1)];
  const [width, height] = [WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE];
  // Distances are true on the ground; on a plane of vectors each axis fills the room it has.
  const even = Math.min(width / (right - left || 1), height / (bottom - top || 1));
  const scales =
    place === 'places' ? [even, even] : [width / (right - left || 1), height / (bottom - top || 1)];
  const project = (point) =>
    [0, 1].map((axis) => {
      const [low, high] = axis === 0 ? [left, right] : [top, bottom];
      return (axis === 0 ? WIDTH : HEIGHT) / 2 + scales[axis] * (point[axis] - (low + high) / 2);
    });
  const where = new Map(items.map(({ id }, row) => [id, project(points[row])]));
  const layers = {
    below: svg('g', {}),
    ...{ ground: svg('g', { class: 'ground' }), marks: svg('g', {}), scale: svg('g', {}) },
  };
  layers.ground.append(
    ...[...items].reverse().map((item) => {
      const [cx, cy] = where.get(item.id);
      const radius = 1.6 + Math.min(3, Math.sqrt(item.count) / 8);
      const attributes = { cx: cx.toFixed(1), cy: cy.toFixed(1), r: radius.toFixed(1) };
      return svg(
        'circle',
        { ...attributes, class: colourOf(item.kind), click: () => pick(item) },
        svg('title', {}, [nameOf(item), item.kind].filter(Boolean).join(', ')),
      );
    }),
  );
  const image = byId(place);
  image.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  image.replaceChildren(layers.below, layers.ground, layers.marks, layers.scale);
  const map = { where, layers, project, scale: even };
  maps.set(place, map);
  return map;
}

/**
 * Marks what was picked and what a model answered.
 *
 * @param {object[]} picked oldest first
 * @param {object[]} answered the best first
 * @param {string} [model] whose answers
 */
export function markMaps(picked, answered, model) {
  for (const [place, map] of maps) {
    const { where, layers } = map;
    const marks = [
      ...answered.map((item, rank) => ({ item, kind: 'answer', label: rank + 1 })),
      ...picked.map((item) => ({ item, kind: 'picked' })),
    ].filter(({ item }) => where.has(item.id));
    layers.marks.replaceChildren(...marks.map((mark) => markOf(mark, where.get(mark.item.id))));
    const missing = picked.length + answered.length - marks.length;
    const said =
      picked.length + answered.length === 0
        ? 'Nothing is marked yet.'
        : [
            `Marked: ${count(picked.length, 'pick')} (rings)`,
            model && `and ${count(answered.length, 'answer')} of ${model} (numbers)`,
            missing > 0 && `; ${count(missing, 'of them is', 'of them are')} not among the items drawn`,
          ]
            .filter(Boolean)
            .join(' ')
            .replace(' ;', ';') + '.';
    byId(`${place}-marked`).textContent = said;
    const what = place === 'map' ? 'Map of the items by likeness' : 'Map of the places';
    byId(place).setAttribute('aria-label', `${what}. ${said}`);
  }
}

function markOf({ item, kind, label }, [x, y]) {
  const at = { cx: x.toFixed(1), cy: y.toFixed(1) };
  const title = svg('title', {}, `${kind === 'picked' ? 'Picked' : `Answer ${label}`}: ${nameOf(item)}`);
  if (kind === 'picked') return svg('circle', { ...at, r: 9, class: 'picked-mark' }, title);
  const text = svg('text', { x: at.cx, y: (y + 3.5).toFixed(1), 'text-anchor': 'middle' }, String(label));
  return svg('g', { class: 'answer-mark' }, title, svg('circle', { ...at, r: 8 }), text);
}

function legendOf(column) {
  if (!column) return [];
  const { values } = column;
  const own = values.slice(0, values.length > COLOURS ? COLOURS - 1 : COLOURS);
  const names = [...own.map(({ value }) => value), ...(own.length < values.length ? ['others'] : [])];
  return names.map((name) =>
    h('li', {}, h('span', { class: `dot ${colourOf(name)}`, 'aria-hidden': 'true' }), name),
  );
}

/** A bar of so many kilometres, metres or tens of kilometres, at the lower left. */
function scaleOf(unit) {
  const room = WIDTH / 4 / unit;
  const power = 10 ** Math.floor(Math.log10(room));
  const km = [5, 2, 1].map((digit) => digit * power).find((length) => length <= room) ?? power;
  const [x, y] = [EDGE, HEIGHT - 8];
  return [
    svg('path', { class: 'scale', d: `M${x} ${y - 5}v5h${(km * unit).toFixed(1)}v-5` }),
    svg('text', { class: 'scale-text', x, y: y - 9 }, distance(km)),
  ];
}

/** Kilometres over the ground between two items with coordinates. */
export function kilometres(a, b) {
  const [p, q] = [a, b].map(({ latitude }) => (latitude * Math.PI) / 180);
  const [u, v] = [(q - p) / 2, ((b.longitude - a.longitude) * Math.PI) / 360];
  return 2 * 6371 * Math.asin(Math.sqrt(Math.sin(u) ** 2 + Math.cos(p) * Math.cos(q) * Math.sin(v) ** 2));
}

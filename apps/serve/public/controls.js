import { byId, h } from './dom.js';

/** Radii to choose from, in kilometres. */
const RADII = [1, 5, 20, 100];

/** Columns that can be filtered by, as the server told them. */
let columns = { kinds: [], numbers: [] };

/**
 * Controls for the answers: diversity, one list of values for each column of kinds, from and to for the first of numbers, and
 * a radius where items have places.
 *
 * @param {object} overview
 * @param {() => void} changed
 */
export function showControls({ kinds, numbers, items }, changed) {
  columns = { kinds: kinds.slice(0, 2), numbers: numbers.slice(0, 1) };
  byId('filters').replaceChildren(
    ...columns.kinds.map(({ name, values }, place) =>
      h(
        'div',
        {},
        h('label', { for: `kind-${place}` }, labelOf(name)),
        h(
          'select',
          { id: `kind-${place}`, change: changed },
          h('option', { value: '' }, 'any'),
          ...values.map(({ value, items: n }) => h('option', { value }, `${value} (${n})`)),
        ),
      ),
    ),
    ...columns.numbers.flatMap(({ name, least, largest }) =>
      ['from', 'to'].map((end) =>
        h(
          'div',
          {},
          h('label', { for: `number-${end}` }, `${labelOf(name)} ${end}`),
          h('input', {
            id: `number-${end}`,
            type: 'number',
            step: 'any',
            placeholder: String(end === 'from' ? least : largest),
            change: changed,
          }),
        ),
      ),
    ),
    ...(items.some(({ latitude }) => latitude !== undefined)
      ? [
          h(
            'div',
            {},
            h('label', { for: 'radius' }, 'Around the last pick'),
            h(
              'select',
              { id: 'radius', change: changed },
              h('option', { value: '' }, 'anywhere'),
              ...RADII.map((km) => h('option', { value: km }, `within ${km} km`)),
            ),
          ),
        ]
      : []),
  );
  const slider = byId('diversity');
  slider.addEventListener('input', showDiversity);
  slider.addEventListener('change', changed);
  showDiversity();
}

/** Says in words where the slider stands. */
export function showDiversity() {
  byId('diversity-value').textContent = words(Number(byId('diversity').value));
}

/** What the controls add to a question; nothing where they are as they were. */
export function controlsNow() {
  const filter = {};
  for (const [place, { name }] of columns.kinds.entries()) {
    const value = byId(`kind-${place}`).value;
    if (value !== '') filter[name] = value;
  }
  for (const { name } of columns.numbers) {
    const range = {};
    for (const [end, operator] of [
      ['from', 'gte'],
      ['to', 'lte'],
    ]) {
      const { value } = byId(`number-${end}`);
      if (value !== '') range[operator] = Number(value);
    }
    if (Object.keys(range).length > 0) filter[name] = range;
  }
  const diversity = Number(byId('diversity').value);
  return {
    ...(Object.keys(filter).length > 0 && { filter }),
    ...(diversity > 0 && { diversity }),
  };
}

/** Kilometres around the last pick that answers must lie in; none where it does not matter. */
export const radiusNow = () => Number(byId('radius')?.value) || undefined;

const labelOf = (name) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

const words = (value) =>
  value === 0
    ? 'off: the best, however alike'
    : `${value.toFixed(1)}: ${value < 0.5 ? 'a little' : 'much'} unlike each other`;

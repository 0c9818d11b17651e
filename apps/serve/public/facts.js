import { byId, count, h, svg } from './dom.js';

/** Answers that the chart shows, the newest. */
const KEPT = 40;
/** 97.5% point of the normal distribution. */
const Z = 1.96;

/** Milliseconds of the server's answers, by model, oldest first. */
const taken = new Map();

/** Notes how long answers took. @param {{model: object, answer?: object}[]} outcomes */
export function noteTimes(outcomes) {
  for (const { model, answer } of outcomes)
    if (answer) taken.set(model.name, [...(taken.get(model.name) ?? []), answer.took_ms].slice(-KEPT));
  byId('latency').replaceChildren(...[...taken].map(([name, times]) => chartOf(name, times)));
  byId('latency-none').hidden = taken.size > 0;
}

function chartOf(name, times) {
  const [width, height] = [KEPT * 6, 40];
  const most = Math.max(...times, 1);
  const sorted = [...times].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const figures = `median ${median.toFixed(1)} ms, slowest ${most.toFixed(1)} ms of ${count(times.length, 'answer')}`;
  return h(
    'li',
    {},
    h('span', { class: 'name' }, h('strong', {}, name), `: ${figures}`),
    svg(
      'svg',
      { viewBox: `0 0 ${width} ${height}`, class: 'chart', 'aria-hidden': 'true', focusable: 'false' },
      ...times.map((time, at) => {
        const size = Math.max(1, (time / most) * height);
        return svg('rect', { x: at * 6, y: (height - size).toFixed(1), width: 4, height: size.toFixed(1) });
      }),
    ),
  );
}

/** A table of the models: what they are, and how they did on held-back items, with 95% intervals. */
export function showModels(models) {
  const names = [...new Set(models.flatMap(({ metrics }) => Object.keys(metrics)))].slice(0, 3);
  const row = (cell, ...cells) => h('tr', {}, h('th', { scope: 'row' }, cell), ...cells.map(cellOf));
  byId('models').replaceChildren(
    h('caption', { class: 'visually-hidden' }, 'The models'),
    head('model', 'kind', 'items', 'index', ...names),
    h(
      'tbody',
      {},
      ...models.map((one) =>
        row(
          one.name,
          one.rerank ? `${one.kind}, ranked again by ${one.rerank}` : one.kind,
          one.items.toLocaleString('en'),
          one.index,
          ...names.map((name) => estimate(one.metrics[name], one.intervals?.[name])),
        ),
      ),
    ),
  );
}

/** What came of an experiment, by arm; the share of wins with its 95% interval of Wilson. */
export function showOutcomes(arms) {
  const tried = arms.filter(({ experiment }) => experiment !== 'none');
  byId('outcomes-none').hidden = tried.length > 0;
  byId('outcomes').hidden = tried.length === 0;
  byId('outcomes').replaceChildren(
    h('caption', { class: 'visually-hidden' }, 'Outcomes of the last 30 days by arm'),
    head('arm', 'experiment', 'answers shown', 'clicks', 'wins of answers'),
    h(
      'tbody',
      {},
      ...tried.map(({ arm, experiment, impressions, events, wins }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, arm),
          ...[
            experiment,
            impressions,
            events,
            estimate(wins / (impressions || 1), wilson(wins, impressions)),
          ].map(cellOf),
        ),
      ),
    ),
  );
}

const head = (...names) =>
  h('thead', {}, h('tr', {}, ...names.map((name) => h('th', { scope: 'col' }, name))));

const cellOf = (text) => h('td', {}, String(text));

const estimate = (value, interval) =>
  value === undefined
    ? 'none'
    : value.toFixed(3) + (interval ? ` [${interval.map((end) => end.toFixed(3)).join(', ')}]` : '');

/** The interval of a share (Wilson 1927). */
export function wilson(wins, n) {
  if (n === 0) return undefined;
  const share = wins / n;
  const middle = (share + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  return [middle - half, middle + half];
}

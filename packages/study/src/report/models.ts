import type { MeasuredStudy } from '../measure/measure-artifacts.js';
import type { Measured } from '../measure/measure-artifact.js';
import { table, text, type Block, type Section } from './block.js';
import { fixed, grouped, percent } from './numbers.js';
import { COLORS, colorScale, drawPlot, legendOf } from './plot.js';

/** Ratings, gates and the map of items: what is inside the models. */
export async function modelsSection(study: MeasuredStudy): Promise<Section | undefined> {
  const blocks = [...(await ratingBlocks(study)), ...gateBlocks(study), ...(await mapBlocks(study))];
  return blocks.length > 0 ? { id: 'models', title: 'Inside the models', blocks } : undefined;
}

const firstOf = ({ artifacts, variants }: MeasuredStudy): { label: string; artifact: Measured }[] =>
  variants.map(({ label, members: [first] }) => ({ label, artifact: artifacts[first] }));

async function ratingBlocks(study: MeasuredStudy): Promise<Block[]> {
  const rated = firstOf(study).flatMap(({ label, artifact: { ratings } }) =>
    ratings ? [{ label, ratings }] : [],
  );
  if (rated.length === 0) return [];
  const points = rated.flatMap(({ label, ratings }) => ratings.calibration.map((bin) => ({ label, ...bin })));
  const [low, high] = [Math.min, Math.max].map((of) =>
    of(...points.flatMap(({ predicted, actual }) => [predicted, actual])),
  );
  const shown = ({ value, low, high }: { value: number; low: number | null; high: number | null }) =>
    low === null ? fixed(value) : `${fixed(value)} (${fixed(low)} to ${fixed(high!)})`;
  return [
    table(
      'Errors of predicted ratings that were held back; intervals allow for users',
      ['model', 'RMSE', 'MAE', 'ratings'],
      rated.map(({ label, ratings: { rmse, mae } }) => [
        label,
        shown(rmse),
        shown(mae),
        grouped(rmse.ratings),
      ]),
    ),
    {
      kind: 'figure',
      name: 'calibration',
      caption:
        'Calibration: mean rating against mean prediction, in ten ranges of the prediction. On the line they agree.',
      svg: await drawPlot('Calibration of predicted ratings', (plot) => ({
        height: 400,
        color: colorScale(rated.map(({ label }) => label)),
        x: { label: 'predicted', grid: true },
        y: { label: 'given', grid: true },
        marks: [
          plot.line(
            [
              [low, low],
              [high, high],
            ],
            { strokeDasharray: '4 4', strokeOpacity: 0.6 },
          ),
          plot.line(points, { x: 'predicted', y: 'actual', stroke: 'label', strokeWidth: 2, marker: 'dot' }),
        ],
      })),
      legend: legendOf(rated.map(({ label }) => label)),
    },
  ];
}

function gateBlocks(study: MeasuredStudy): Block[] {
  const rows = firstOf(study).flatMap(({ label, artifact: { gates } }) =>
    Object.entries(gates ?? {}).flatMap(([side, groups]) =>
      Object.entries(groups).map(([group, { count, gates }]) => ({ label, side, group, count, gates })),
    ),
  );
  if (rows.length === 0) return [];
  const names = [...new Set(rows.flatMap(({ gates }) => Object.keys(gates)))];
  const title: Record<string, string> = { none: 'none', few: '1 to 4', many: '5 or more' };
  return [
    table(
      'Mean weight of each part of a gated tower, by training rows of the items or users',
      ['model', 'side', 'rows', 'how many', ...names],
      rows.map(({ label, side, group, count, gates }) => [
        label,
        side,
        title[group] ?? group,
        grouped(count),
        ...names.map((name) => (name in gates ? percent(gates[name]) : '-')),
      ]),
    ),
  ];
}

async function mapBlocks(study: MeasuredStudy): Promise<Block[]> {
  const found = firstOf(study).find(({ artifact }) => artifact.map);
  const map = found?.artifact.map;
  if (!found || !map) return [text('No model here has vectors of items: there is no map.')];
  const groups = [...new Set(map.points.map(({ group }) => group))].sort(
    (a, b) => +(a === 'others') - +(b === 'others') || (a < b ? -1 : 1),
  );
  const colors = groups.map((group, i) => (group === 'others' ? '#8a8f98' : COLORS[i % COLORS.length]));
  const counts = groups.map((group) => map.points.filter((point) => point.group === group).length);
  return [
    {
      kind: 'figure',
      name: 'item-map',
      caption: `The ${grouped(map.points.length)} most popular items by the vectors of ${found.label}, on the two directions in which they differ most (${percent(map.shown)} of the variance)${map.column === undefined ? '' : `, colored by ${map.column}`}. Titles show under the pointer.`,
      svg: await drawPlot(`Map of the items by the vectors of ${found.label}`, (plot) => ({
        height: 620,
        color: { domain: groups, range: colors },
        x: { axis: null },
        y: { axis: null },
        marks: [
          plot.dot(map.points, { x: 'x', y: 'y', r: 3, fill: 'group', fillOpacity: 0.75, title: 'title' }),
        ],
      })),
      ...(map.column !== undefined && {
        legend: groups.map((group, i) => ({ label: `${group} (${grouped(counts[i])})`, color: colors[i] })),
      }),
    },
  ];
}

import type { GroupFigures } from '../measure/groups.js';
import type { Measured } from '../measure/measure-artifact.js';
import type { MeasuredStudy } from '../measure/measure-artifacts.js';
import { table, text, type Block, type Section } from './block.js';
import { fixed, grouped, percent } from './numbers.js';
import { colorScale, drawPlot, legendOf } from './plot.js';

const METRIC = 'ndcg@10';

/** Quality by history length and by rarity of the targets, strangers, and what becomes of the catalog. */
export async function usersSection(study: MeasuredStudy): Promise<Section> {
  return {
    id: 'users',
    title: 'Who and what is served',
    blocks: [
      ...(await groupBlocks(study, 'byLength', 'history-length', 'items in the history')),
      ...(await groupBlocks(study, 'byRarity', 'item-rarity', 'training rows of the target')),
      ...(await coldBlocks(study)),
      ...catalogBlocks(study),
    ],
  };
}

async function groupBlocks(
  { artifacts, variants }: MeasuredStudy,
  of: 'byLength' | 'byRarity',
  name: string,
  what: string,
): Promise<Block[]> {
  const labels = artifacts[0][of].map(({ label }) => label);
  const groupOf = (artifact: Measured, label: string): GroupFigures | undefined =>
    artifact[of].find((group) => group.label === label);
  const value = (members: readonly number[], label: string) =>
    members.reduce(
      (sum, place) => sum + (groupOf(artifacts[place], label)?.metrics[METRIC].value ?? NaN),
      0,
    ) / members.length;
  const points = variants.flatMap(({ label: model, members }) =>
    labels.map((label) => ({ model, label, value: value(members, label) })),
  );
  const caption = `NDCG@10 by ${what}`;
  return [
    table(
      caption,
      ['model', ...labels],
      [
        ['users', ...labels.map((label) => grouped(groupOf(artifacts[0], label)!.metrics[METRIC].users))],
        ...variants.map(({ label, members }) => [
          label,
          ...labels.map((group) => fixed(value(members, group))),
        ]),
      ],
    ),
    {
      kind: 'figure',
      name,
      caption: `${caption}.`,
      svg: await linesOf(caption, what, labels, points),
      legend: legendOf(variants.map(({ label }) => label)),
    },
  ];
}

const linesOf = (
  caption: string,
  what: string,
  labels: readonly string[],
  points: readonly { model: string; label: string; value: number }[],
) =>
  drawPlot(caption, (plot) => ({
    height: 320,
    marginLeft: 60,
    color: colorScale([...new Set(points.map(({ model }) => model))]),
    x: { type: 'point', domain: [...labels], label: what },
    y: { label: 'NDCG@10', grid: true, zero: true, nice: true },
    marks: [plot.line(points, { x: 'label', y: 'value', stroke: 'model', strokeWidth: 2, marker: 'dot' })],
  }));

async function coldBlocks({ artifacts, variants, cold }: MeasuredStudy): Promise<Block[]> {
  if (!cold) return [text('Nobody has three items: there is no cold-start table.')];
  const { cuts, questions } = cold;
  const head = ['none', ...cuts.map(String)];
  const rows = variants.map(({ label, members: [first] }) => ({ label, cold: artifacts[first].cold! }));
  const points = rows.flatMap(({ label, cold: { cut } }) =>
    (cut ?? []).map(({ value }, i) => ({ model: label, label: String(cuts[i]), value })),
  );
  return [
    text(
      `Cold start: ${grouped(questions.users.length)} users with ${cuts.at(-1)} items or more, asked as people the model does not know, by the last few items of their histories. The same items are ranked in every column. Without any history the most popular items answer, whatever the model; with several seeds the model is that of the first.`,
    ),
    table(
      'NDCG@10 by the items of the history that are told',
      ['model', ...head],
      rows.map(({ label, cold: { none, cut } }) => [
        label,
        fixed(none.value),
        ...cuts.map((_, i) => (cut ? fixed(cut[i].value) : 'cannot serve')),
      ]),
    ),
    ...(points.length > 0
      ? [
          {
            kind: 'figure' as const,
            name: 'cold-start',
            caption: 'NDCG@10 of people a model does not know.',
            svg: await linesOf(
              'NDCG@10 by the length that histories are cut to',
              'items told',
              cuts.map(String),
              points,
            ),
            legend: legendOf([...new Set(points.map(({ model }) => model))]),
          },
        ]
      : []),
  ];
}

const catalogBlocks = ({ artifacts, variants }: MeasuredStudy): Block[] => [
  table(
    'The best ten of every user that was asked: share of the catalog they hold, how unevenly (Gini index: 0 even, 1 one item), and how little known they are (mean self-information)',
    ['model', 'coverage', 'Gini', 'novelty, bits'],
    variants.map(({ label, members: [first] }) => {
      const { lists } = artifacts[first];
      return [label, percent(lists.coverage), fixed(lists.gini, 3), fixed(lists.novelty, 2)];
    }),
  ),
];

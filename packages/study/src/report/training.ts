import type { MeasuredStudy } from '../measure/measure-artifacts.js';
import { table, text, type Block, type Section } from './block.js';
import { fixed, mebibytes, percent, seconds } from './numbers.js';
import { colorScale, drawPlot, legendOf } from './plot.js';

/** Learning curves, and cost against quality. */
export async function trainingSection(study: MeasuredStudy): Promise<Section> {
  return {
    id: 'training',
    title: 'Training and cost',
    blocks: [...(await curveBlocks(study)), ...(await costBlocks(study)), ...indexBlocks(study)],
  };
}

async function curveBlocks({ artifacts, variants }: MeasuredStudy): Promise<Block[]> {
  const points = variants.flatMap(({ label, members }) =>
    members.flatMap((place) => {
      const { curve = [], seed } = artifacts[place];
      return curve.map(({ epoch, loss, metrics }) => ({
        ...{ label, line: `${label} ${seed}`, epoch, loss },
        value: metrics['ndcg@10'] ?? Object.values(metrics)[0],
      }));
    }),
  );
  if (points.length === 0)
    return [text('No artifact holds a learning curve: they are of baselines, or older.')];
  const labels = [...new Set(points.map(({ label }) => label))];
  const lines = (value: 'value' | 'loss', name: string, caption: string) =>
    drawPlot(caption, (plot) => ({
      height: 320,
      marginLeft: 60,
      color: colorScale(labels),
      x: {
        label: 'epoch',
        ticks: [...new Set(points.map(({ epoch }) => epoch))].slice(0, 20),
        tickFormat: 'd',
      },
      y: { label: name, grid: true, nice: true },
      marks: [
        plot.line(points, {
          x: 'epoch',
          y: value,
          z: 'line',
          stroke: 'label',
          strokeWidth: 2,
          marker: 'dot',
        }),
      ],
    }));
  const measured = 'The first metric of validation (NDCG@10 where it was measured) after every epoch';
  return [
    {
      kind: 'figure',
      name: 'curves',
      caption: `${measured}.`,
      svg: await lines('value', 'validation', measured),
      legend: legendOf(labels),
    },
    {
      kind: 'figure',
      name: 'losses',
      caption: 'Mean loss of every epoch; losses of different kinds do not compare.',
      svg: await lines('loss', 'loss', 'Mean loss of every epoch'),
      legend: legendOf(labels),
    },
  ];
}

async function costBlocks({ artifacts, variants }: MeasuredStudy): Promise<Block[]> {
  const rows = variants.map(({ label, members }) => {
    const mean = (of: (place: number) => number | undefined) => {
      const values = members.map(of).filter((value) => value !== undefined);
      return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
    };
    return {
      label,
      seconds: mean((place) => artifacts[place].cost.fitSeconds),
      memory: mean((place) => artifacts[place].cost.peakMemoryBytes),
      bytes: mean((place) => artifacts[place].cost.bytes),
      score: mean((place) => artifacts[place].cost.scoreMs),
      ndcg: mean((place) => artifacts[place].evaluation.metrics['ndcg@10'].value)!,
    };
  });
  const against = (of: 'seconds' | 'memory' | 'bytes', label: string, scale: number) => {
    const points = rows.flatMap((row) => (row[of] === undefined ? [] : [{ ...row, x: row[of] / scale }]));
    return drawPlot(`NDCG@10 against ${label}`, (plot) => ({
      height: 260,
      marginRight: 130,
      x: { label, type: 'log', grid: true, nice: true, tickFormat: '~g' },
      y: { label: 'NDCG@10', grid: true, zero: true, nice: true },
      marks: [
        plot.dot(points, { x: 'x', y: 'ndcg', r: 5, fill: 'currentColor' }),
        plot.text(points, { x: 'x', y: 'ndcg', text: 'label', dx: 8, textAnchor: 'start' }),
      ],
    }));
  };
  const hasTimes = rows.some((row) => row.seconds !== undefined);
  return [
    table(
      'What each model took, and takes: means over seeds',
      ['model', 'fit', 'peak memory', 'artifact', 'scores of a user'],
      rows.map((row) => [
        row.label,
        seconds(row.seconds),
        mebibytes(row.memory),
        mebibytes(row.bytes),
        row.score === undefined ? '-' : `${fixed(row.score, 2)} ms`,
      ]),
    ),
    text(
      'Peak memory is that of the process that made the artifact: reading the data and evaluating are in it.',
    ),
    ...(hasTimes
      ? [
          {
            kind: 'figure' as const,
            name: 'cost-seconds',
            caption: 'Quality against seconds of the fit.',
            svg: await against('seconds', 'seconds of the fit', 1),
          },
        ]
      : []),
    ...(rows.some((row) => row.memory !== undefined)
      ? [
          {
            kind: 'figure' as const,
            name: 'cost-memory',
            caption: 'Quality against peak memory.',
            svg: await against('memory', 'peak memory, MiB', 2 ** 20),
          },
        ]
      : []),
    {
      kind: 'figure',
      name: 'cost-size',
      caption: 'Quality against the size of the artifact.',
      svg: await against('bytes', 'artifact, MiB', 2 ** 20),
    },
  ];
}

const indexBlocks = ({ artifacts, variants }: MeasuredStudy): Block[] => [
  table(
    'What finds the candidates, and the share of the exact ten best that it finds',
    ['model', 'index', 'recall@10'],
    variants.map(({ label, members: [first] }) => {
      const { index, recall } = artifacts[first].index;
      return [label, index, recall === undefined ? 'exact' : percent(recall)];
    }),
    true,
  ),
];

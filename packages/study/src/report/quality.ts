import type { MeasuredStudy } from '../measure/measure-artifacts.js';
import { METRICS, NEGATIVES } from '../measure/measure-artifact.js';
import { compareVariants, type VariantFigure } from '../measure/compare-variants.js';
import { table, text, type Block, type Section } from './block.js';
import { fixed, grouped, pValue, signed, withInterval } from './numbers.js';
import { drawPlot } from './plot.js';

/** The metrics that variants are compared by. */
const COMPARED = METRICS.slice(0, 2);

/** Quality of every variant with intervals, paired tests and the spread over seeds. */
export async function qualitySection(study: MeasuredStudy): Promise<Section> {
  const { artifacts, variants, users } = study;
  const figures = new Map(METRICS.map((metric) => [metric, compareVariants(artifacts, variants, metric)]));
  const blocks: Block[] = [
    text(
      `Full ranking of every item, ${grouped(users)} users; intervals of 95% over users. With several seeds a figure is the mean over them.`,
    ),
    table(
      'Quality',
      ['model', 'seeds', ...METRICS.map((metric) => metric.toUpperCase())],
      variants.map(({ label, members }, i) => [
        label,
        String(members.length),
        ...METRICS.map((metric) => withInterval(figures.get(metric)![i])),
      ]),
    ),
    {
      kind: 'figure',
      name: 'quality',
      caption: 'NDCG@10 with its interval; small dots are single seeds.',
      svg: await plotOf(figures.get('ndcg@10')!),
    },
  ];
  if (variants.length > 1)
    blocks.push(
      text(
        `Each variant against ${variants[0].label}: a paired t-test over users. The corrected p is Holm's, for the ${variants.length - 1} tests of a metric.`,
      ),
      ...COMPARED.map((metric) => testsOf(metric, figures.get(metric)!)),
    );
  const spread = variants.flatMap((_, i) => (variants[i].members.length > 1 ? [i] : []));
  if (spread.length > 0)
    blocks.push(
      table(
        'Spread over seeds: standard deviation, and the figure of each seed',
        ['model', ...COMPARED.flatMap((metric) => [`${metric.toUpperCase()} deviation`, 'seeds'])],
        spread.map((i) => [
          variants[i].label,
          ...COMPARED.flatMap((metric) => {
            const { deviation, seeds } = figures.get(metric)![i];
            return [fixed(deviation), seeds.map(({ value }) => fixed(value)).join(', ')];
          }),
        ]),
      ),
    );
  blocks.push(...(await sampledBlocks(study, figures.get('ndcg@10')!)));
  return { id: 'quality', title: 'Quality', blocks };
}

const testsOf = (metric: string, figures: readonly VariantFigure[]) =>
  table(
    `Differences of ${metric.toUpperCase()}`,
    ['model', 'difference', 'interval', 'p', 'corrected p'],
    figures
      .slice(1)
      .map(({ label, test }) => [
        label,
        signed(test!.difference),
        test!.low === null ? '-' : `${signed(test!.low)} to ${signed(test!.high!)}`,
        pValue(test!.p),
        pValue(test!.corrected),
      ]),
  );

const plotOf = (figures: readonly VariantFigure[]) =>
  drawPlot('NDCG@10 of every model with its interval', (plot) => ({
    marginLeft: 150,
    height: 90 + 28 * figures.length,
    x: { label: 'NDCG@10', grid: true, zero: true, nice: true },
    y: { label: null, domain: figures.map(({ label }) => label) },
    marks: [
      plot.ruleY(figures, { y: 'label', x1: 'low', x2: 'high', strokeWidth: 2 }),
      plot.dot(figures, { y: 'label', x: 'value', r: 5, fill: 'currentColor' }),
      plot.dot(
        figures.flatMap(({ label, seeds }) =>
          seeds.length > 1 ? seeds.map(({ value }) => ({ label, value })) : [],
        ),
        { y: 'label', x: 'value', r: 3, stroke: 'currentColor', dy: 9 },
      ),
    ],
  }));

async function sampledBlocks(
  { artifacts, variants }: MeasuredStudy,
  full: readonly VariantFigure[],
): Promise<Block[]> {
  const name = `sampled${NEGATIVES}`;
  const mean = (i: number, metric: string) => {
    const { members } = variants[i];
    return members.reduce((sum, place) => sum + artifacts[place].sampled[metric].value, 0) / members.length;
  };
  const rank = (values: readonly number[], i: number) =>
    1 + values.filter((value) => value > values[i]).length;
  const sampled = variants.map((_, i) => mean(i, 'ndcg@10'));
  const whole = full.map(({ value }) => value);
  return [
    text(
      `The same users with each target ranked among ${NEGATIVES} items drawn uniformly (${name}), as much of the literature does it. Such figures are far higher, and can order models otherwise: Krichene and Rendle, "On sampled metrics for item recommendation", 2020.`,
    ),
    table(
      `Full ranking beside ${NEGATIVES} sampled negatives`,
      ['model', 'ndcg@10', `${name}-ndcg@10`, 'hr@10', `${name}-hr@10`, 'place', 'sampled place'],
      variants.map(({ label }, i) => [
        label,
        fixed(whole[i]),
        fixed(sampled[i]),
        fixed(averaged(artifacts, variants[i].members)),
        fixed(mean(i, 'hr@10')),
        String(rank(whole, i)),
        String(rank(sampled, i)),
      ]),
    ),
    {
      kind: 'figure',
      name: 'sampled',
      caption: 'NDCG@10 of full ranking against that among sampled negatives.',
      svg: await drawPlot('NDCG@10 by full ranking and among sampled negatives', (plot) => {
        const points = variants.map(({ label }, i) => ({ label, full: whole[i], sampled: sampled[i] }));
        return {
          height: 360,
          marginRight: 120,
          x: { label: 'ndcg@10', grid: true, zero: true, nice: true },
          y: { label: `${name}-ndcg@10`, grid: true, nice: true },
          marks: [
            plot.dot(points, { x: 'full', y: 'sampled', r: 5, fill: 'currentColor' }),
            plot.text(points, { x: 'full', y: 'sampled', text: 'label', dx: 8, textAnchor: 'start' }),
          ],
        };
      }),
    },
  ];
}

const averaged = (artifacts: MeasuredStudy['artifacts'], members: readonly number[]) =>
  members.reduce((sum, place) => sum + artifacts[place].evaluation.metrics['hr@10'].value, 0) /
  members.length;

import type {
  ByGroup,
  ComparedModel,
  GateSummary,
  Metrics,
  Questions,
  FrequencyGroup,
} from '@towerkit/pipeline';
import type { EpochReport, ProfilePart } from '@towerkit/training';

export const grouped = (value: number) => Math.round(value).toLocaleString('en');

const FIGURE = /^-?[\d.,]+( \[.*\])?$/;

/** A head and rows of text in columns; figures to the right, the rest to the left. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const figures = rows[0].map((_, column) => rows.slice(1).every((row) => FIGURE.test(row[column])));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (figures[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const cell = ({ value, low, high, users }: Metrics[string]) =>
  users === 0 ? 'undefined' : `${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;

/** Models by metrics, each with its 95% interval. */
export function metricsTable(models: Readonly<Record<string, Metrics>>): string {
  const names = Object.keys(Object.values(models)[0]);
  return table([
    ['model', ...names],
    ...Object.entries(models).map(([model, metrics]) => [
      model,
      ...names.map((name) => (metrics[name] ? cell(metrics[name]) : '')),
    ]),
  ]);
}

/** How many users each metric is undefined for; those that are defined for everybody are absent. */
export const undefinedFor = (metrics: Metrics): Record<string, number> =>
  Object.fromEntries(
    Object.entries(metrics).flatMap(([name, { undefinedFor: n }]) => (n ? [[name, n]] : [])),
  );

/** Users who are left out of single metrics, a line for each; nothing where there are none. */
export const describeUndefined = (metrics: Metrics): string[] =>
  Object.entries(undefinedFor(metrics)).map(
    ([name, n]) =>
      `${name} is undefined for ${grouped(n)} of ${grouped(metrics[name].users + n)} users, who are left out of it`,
  );

/** Which targets were asked, in words. */
export const targetsTitle = (on: Questions['on']): string =>
  on === 'file' ? 'targets of the file' : `${on} targets`;

/** Columns of the moment that a model reads and the targets do not say, in words; nothing where all are said. */
export const describeUnknownMoment = (model: string, columns: readonly string[] = []): string[] =>
  columns.length > 0
    ? [
        `${model} reads ${columns.join(', ')} of the moment, which these targets do not say: asked as not known`,
      ]
    : [];

/** What a table of one group is called. */
export const groupTitle = (group: FrequencyGroup): string =>
  `targets with training rows: ${GROUP_NAMES[group]}`;

/** One model by how often the targets stand in training. */
export function groupsTable(groups: ByGroup<Metrics>): string {
  const names = Object.keys(Object.values(groups)[0] ?? {});
  return table([
    ['targets with training rows', 'users', ...names],
    ...Object.entries(groups).map(([group, metrics]) => [
      GROUP_NAMES[group as FrequencyGroup],
      grouped(metrics[names[0]].users),
      ...names.map((name) => cell(metrics[name])),
    ]),
  ]);
}

/** Models by metrics with intervals, and the p of each difference from the first. */
export function comparisonTable(models: readonly Omit<ComparedModel, 'groups'>[]): string {
  const names = Object.keys(models[0].metrics);
  const chance = (p: number) => (p < 0.0001 ? '<.0001' : p.toFixed(4).replace(/^0/, ''));
  return table([
    ['artifact', 'model', ...names.flatMap((name) => [name, 'p'])],
    ...models.map(({ artifact, model, metrics, p }) => [
      artifact,
      model,
      ...names.flatMap((name) => [cell(metrics[name]), p ? chance(p[name]) : '']),
    ]),
  ]);
}

/** One epoch in a line. */
export function describeEpoch({ epoch, seconds, loss, examplesPerSecond, metrics }: EpochReport): string {
  const measured = Object.entries(metrics).map(([name, { value }]) => `  ${name} ${value.toFixed(4)}`);
  return `epoch ${epoch}: loss ${loss.toFixed(4)}${measured.join('')}  (${seconds.toFixed(1)} s, ${grouped(examplesPerSecond)} examples/s)`;
}

/** What a gated model makes of what it reads, by side and by training rows. */
export function gatesTable(summary: GateSummary): string {
  return Object.entries(summary)
    .map(([side, groups]) => {
      const names = Object.keys(Object.values(groups)[0].gates);
      return table([
        [`${side}s by training rows`, 'count', ...names],
        ...Object.entries(groups).map(([group, { count, gates }]) => [
          GROUP_NAMES[group as FrequencyGroup],
          grouped(count),
          ...names.map((name) => gates[name].toFixed(2)),
        ]),
      ]);
    })
    .join('\n\n');
}

const GROUP_NAMES: Readonly<Record<FrequencyGroup, string>> = {
  none: 'none',
  few: 'few (1 to 4)',
  many: 'many (5 or more)',
};

const PARTS: Readonly<Record<ProfilePart, string>> = {
  wait: 'waiting for batches (sampling, masks)',
  gather: 'gathering rows',
  step: 'the step itself',
  update: 'updating tables and weights',
  compile: 'compiling graphs',
  other: 'evaluation, checkpoints, the rest',
};

/** Where the time of a run went. */
export function profileTable(profile: Readonly<Record<ProfilePart, number>>): string {
  const total = Object.values(profile).reduce((sum, seconds) => sum + seconds, 0);
  return table([
    ['where the time went', 'seconds', '%'],
    ...Object.entries(PARTS).map(([part, text]) => {
      const seconds = profile[part as ProfilePart];
      return [text, seconds.toFixed(2), ((100 * seconds) / total).toFixed(1)];
    }),
  ]);
}

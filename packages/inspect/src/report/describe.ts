import { percent } from '../guess/entity-score.js';
import type { ProfiledFile } from '../guess/tables.js';
import type { Inspection, SideTable } from '../inspection.js';
import { JOINED, type Joined } from '../join/joined.js';
import { chooseModel, grouped } from '../propose/choose-model.js';

/** A column with its role, as a line of a report. */
interface RoleLine {
  readonly role: string;
  readonly name: string;
  readonly samples: readonly string[];
  readonly why: string;
}

/** What was found, for a person to read: each file with the roles of its columns, three rows of each, and why. */
export function describeFiles(inspection: Inspection): string {
  const { log, catalog, users, unused, apart, files } = inspection;
  const parts: string[] = [];
  const seen = new Set<ProfiledFile>();
  if (inspection.joined) {
    parts.push(`${describeJoined(inspection.joined)} ${JOINED}`);
  }
  if (log) {
    seen.add(log.file);
    parts.push(
      `${headline(log.file)}: ${log.queries ? 'queries with items' : 'interactions'}\n${table(logLines(inspection))}`,
    );
  }
  for (const [what, side] of [
    ['items', catalog],
    ['users', users],
  ] as const) {
    if (!side) continue;
    seen.add(side.file);
    const title = side.log
      ? `${side.file.name}: what its rows say of their ${what}`
      : `${headline(side.file)}: ${what}`;
    parts.push(`${title}\n${table(sideLines(side))}`);
  }
  for (const [part, file] of Object.entries(inspection.heldBack ?? {})) {
    seen.add(file);
    parts.push(`${headline(file)}: interactions held back, for ${part}`);
  }
  for (const { file, why } of unused) parts.push(`${headline(file)}: not used, since ${why}`);
  for (const { file, what, theirs, ours } of apart)
    parts.push(
      `${headline(file)}: looks like ${what === 'log' ? 'another log' : `a table of ${what}`} and shares no id with the log (${theirs}; the log has ${ours})`,
    );
  for (const { file } of [...unused, ...apart]) seen.add(file);
  for (const file of files)
    if (!seen.has(file)) parts.push(`${headline(file)}: no interactions\n${table(plainLines(file))}`);
  return parts.join('\n\n');
}

const FORMATS = {
  csv: 'CSV',
  tsv: 'tab-separated',
  jsonl: 'JSON lines',
  parquet: 'Parquet',
  sequences: 'lines `user item item ...`',
};

function headline({ name, rows, layout, sampled, bytes }: ProfiledFile): string {
  const { format, delimiter, header, encoding } = layout;
  const form = [
    `${FORMATS[format]}${delimiter === undefined ? '' : ` with "${delimiter}"`}`,
    ...(header === false ? ['no names of columns'] : []),
    ...(encoding === 'latin-1' ? ['Latin-1'] : []),
  ].join(', ');
  const size = sampled
    ? `${(bytes / 1e6).toFixed(0)} MB, of which a sample of ${grouped(rows)} rows was looked at${sampled.rows === undefined ? '' : ` (about ${grouped(sampled.rows)} in all)`}`
    : `${grouped(rows)} rows`;
  return `${name} (${form}; ${size})`;
}

function logLines({ log, columns }: Inspection): RoleLine[] {
  const { file, user, item, why } = log!;
  const { time, rating, weight, kind, ofItem, ofUser, rest } = columns!;
  const samples = (place: number) => file.samples.map((row) => row[place] ?? '-');
  const line = (role: string, column: { name: string; place: number }, reason: string): RoleLine => ({
    ...{ role, name: column.name, samples: samples(column.place), why: reason },
  });
  return [
    line(log!.queries ? 'query' : 'user', user, why.user[0] ?? 'it is left for it'),
    line('item', item, why.item[0] ?? 'it is left for it'),
    ...Object.entries({ [time?.isPosition ? 'position' : 'time']: time, rating, kind, weight }).flatMap(
      ([role, chosen]) => (chosen ? [line(role, chosen.column, chosen.why)] : []),
    ),
    ...ofItem.map((column) => line('of item', column, `each ${item.name} has one`)),
    ...ofUser.map((column) => line('of user', column, `each ${user.name} has one`)),
    ...rest.map((column) =>
      line(
        '-',
        column,
        column.distinct < 2 ? 'it has one value' : 'it depends on neither alone: perhaps on the moment',
      ),
    ),
  ];
}

const sideLines = ({ file, key, columns, log, duplicates }: SideTable): RoleLine[] => [
  {
    role: 'id',
    name: key.name,
    samples: file.samples.map((row) => row[key.place] ?? '-'),
    why: log
      ? 'the first row of each counts'
      : duplicates > 0
        ? `${grouped(duplicates)} rows repeat one`
        : 'no value comes twice',
  },
  ...columns.map(({ column, use, why }) => ({
    ...{ role: use, name: column.name, why, samples: file.samples.map((row) => row[column.place] ?? '-') },
  })),
];

const plainLines = ({ profiles, samples }: ProfiledFile): RoleLine[] =>
  profiles.map(({ name, place, distinct, filled }) => ({
    ...{ role: '-', name, samples: samples.map((row) => row[place] ?? '-') },
    why: `${grouped(distinct)} different values of ${grouped(filled)}`,
  }));

/** Lines that a table of columns shows, at most. */
const SHOWN = 40;

function table(lines: readonly RoleLine[]): string {
  const some = lines.slice(0, SHOWN);
  const rows = some.map(({ role, name, samples, why }) => [
    role,
    short(name, 24),
    short(samples.map((text) => short(text, 18)).join(' · '), 46),
    why,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const shown = rows.map((row) =>
    `  ${row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]) : cell)).join('  ')}`.trimEnd(),
  );
  return [...shown, ...(lines.length > SHOWN ? [`  and ${lines.length - SHOWN} more columns`] : [])].join(
    '\n',
  );
}

const short = (text: string, most: number) => {
  // eslint-disable-next-line no-control-regex
  const plain = text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
};

/** Figures of the log, a line each. */
export function describeFacts(inspection: Inspection): string {
  const { log, facts, columns, catalog, users } = inspection;
  if (!log || !facts) return 'no interactions were found';
  const who = log.queries ? 'queries' : 'users';
  const { perUser, perItem, time, kinds, ratings } = facts;
  const sample = log.file.sampled ? ' (in the sample)' : '';
  const lines = [
    `${grouped(facts.users)} ${who}, ${grouped(facts.items)} items, ${grouped(facts.rows)} rows${sample}`,
    `rows of one of the ${who}: ${perUser.median} in the median; ${percent(perUser.under2)} have one, ${percent(perUser.under3)} fewer than 3, ${percent(perUser.under5)} fewer than 5`,
    `rows of an item: ${perItem.median} in the median; ${percent(perItem.under2)} have one, ${percent(perItem.under5)} fewer than 5; the most popular tenth has ${percent(facts.head)} of all rows`,
    `repeats: ${percent(facts.repeats)} of the rows are of an item that the user had before`,
  ];
  if (time)
    lines.push(
      time.isClock
        ? `time: ${day(time.first)} to ${day(time.last)}, ${grouped(Math.round((time.last - time.first) / 86_400))} days; ${percent(time.together)} of the rows share their moment with others of the user`
        : `${columns!.time!.column.name}: ${time.first} to ${time.last}`,
    );
  if (kinds)
    lines.push(
      `kinds: ${kinds
        .slice(0, 10)
        .map(([kind, rows]) => `${kind || '(none)'} ${percent(rows / facts.rows)}`)
        .join(', ')}`,
    );
  if (ratings)
    lines.push(
      `ratings: ${ratings.least} to ${ratings.most}, ${ratings.mean.toFixed(2)} on average${ratings.values && ratings.values.length <= 11 ? ` (${ratings.values.map(([value, share]) => `${value}: ${percent(share)}`).join(', ')})` : ''}`,
    );
  for (const [what, side] of [
    ['items', catalog],
    ['users', users],
  ] as const)
    if (side?.join)
      lines.push(
        `${what}: ${grouped(side.join.column.distinct - side.join.shared)} of the log have no row in ${side.file.name}, ${grouped(side.key.distinct - side.join.shared)} of its ${grouped(side.key.distinct)} ids are not in the log`,
      );
  return lines.map((line) => `  ${line}`).join('\n');
}

const day = (seconds: number) =>
  Math.abs(seconds) < 8.6e12 ? new Date(seconds * 1000).toISOString().slice(0, 10) : String(seconds);

/** Traps, a line each with what to do. */
export const describeTraps = ({ traps }: Inspection): string =>
  traps.map(({ what, advice }) => `  ${what}: ${advice}`).join('\n');

/** What kind of model is proposed and why. */
export const describeModel = (inspection: Inspection): string =>
  chooseModel(inspection)
    .why.map((line) => `  ${line}`)
    .join('\n');

/** What a log was made of, up to the name of the file that it is written to. */
function describeJoined(joined: Joined): string {
  if (joined.kind === 'orders')
    return `${joined.lines} has lines of orders, ${joined.header} says who placed each: they are joined by ${joined.on.join(' = ')}, and \`init\` writes both as`;
  if (joined.kind === 'lists')
    return `${joined.file} has several items in each row, under ${joined.column}: \`init\` writes a row for each of them as`;
  return `${joined.files.join(', ')} are logs of the same columns: \`init\` writes their rows together as`;
}

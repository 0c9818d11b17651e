import type { SideColumn } from '../guess/side-columns.js';
import type { SideTable } from '../inspection.js';
import type { ColumnProfile } from '../profile/column-profile.js';
import { layoutEntries } from './layout-entries.js';
import { columnNames, featureNames } from './names.js';
import { quoted, quotedList, type Entry } from './print.js';

/** A table of items or of users as a config says it. */
export interface SideEntries {
  /** Layout, and how ids that come several times are read. */
  readonly layout: readonly Entry[];
  /** The columns that are read, by the names of the features; the id and the title first. */
  readonly columns: readonly Entry[];
  /** Features by their kind. */
  readonly features: readonly Entry[];
  /** Dimensions of each category's vector, by name: those of buckets too. */
  readonly categories: readonly Entry[];
  readonly hasNumbers: boolean;
  /** Name of the feature of texts, if there is one. */
  readonly text?: string;
  /** Columns that are not read, with why. */
  readonly leftOut: readonly string[];
}

/** Dimensions that texts are brought to. */
const TEXT_DIMENSIONS = 64;

/**
 * @param what word for columns without a name
 * @param logNames names of the log's columns in the config, where they are not the file's own
 */
export function sideEntries(
  { file, key, columns, duplicates, log }: SideTable,
  what: 'item' | 'user',
  logNames: readonly string[] | undefined,
): SideEntries {
  const used = columns.filter(({ use }) => use !== 'left out' && use !== 'image');
  const commas = used.some(({ column }) => column.commas > column.numbers && column.commas > 0.98);
  const dates = used.filter(({ use }) => use === 'date');
  const timeFormat = dates.map(({ column }) => column.time!.format).find((format) => format !== 'iso');
  const fits = (one: SideColumn) =>
    !(one.use === 'date' && one.column.time!.format !== 'iso' && one.column.time!.format !== timeFormat) &&
    !(commas && one.use === 'number' && one.column.numbers > one.column.commas && one.column.decimals > 0);
  const kept = used.filter(fits);
  const names = featureNames(
    file.layout,
    kept.map(({ column }) => column),
    what,
  );
  const title = kept.find(({ use }) => use === 'title');
  const nameOf = (column: ColumnProfile) =>
    title?.column === column && what === 'item' ? 'title' : names.get(column)!;
  const roles = new Map([
    [key.place, 'id'],
    ...kept.map(({ column }) => [column.place, nameOf(column)] as const),
  ]);
  const own = log ? logNames : columnNames(file.layout, roles);
  const inFile = (column: ColumnProfile) => own?.[column.place] ?? column.name;
  const texts = kept.filter(({ use }) => use === 'title' || use === 'text');
  const of = (...uses: readonly string[]) => kept.filter(({ use }) => uses.includes(use));
  const numbers = of('number', 'flag', 'latitude', 'longitude');
  const unknownPlaces = numbers.some(({ use, column }) => use === 'latitude' && (column.least ?? 0) === -1);
  const features: Entry[] = [
    ['categories', of('category').map(({ column, why }): Entry => [nameOf(column), '{}', why])],
    ['numeric', numbers.map((one): Entry => [nameOf(one.column), numberOf(one, unknownPlaces), one.why])],
    ['dates', of('date').map(({ column, why }): Entry => [nameOf(column), '{}', why])],
    [
      'lists',
      of('list').map((one): Entry => [
        nameOf(one.column),
        one.use === 'list' ? `{ separator: ${quoted(one.separator)} }` : '{}',
        one.why,
      ]),
    ],
    [
      'text',
      texts.length === 0
        ? []
        : [
            textEntry(
              texts.map(({ column }) => nameOf(column)),
              title?.why ?? texts[0].why,
            ),
          ],
    ],
  ];
  const buckets = numbers.filter((one) => numberOf(one, unknownPlaces).includes('buckets'));
  return {
    layout: [
      ...layoutEntries(file.name, file.layout, own, { decimal: commas, ...(timeFormat && { timeFormat }) }),
      ...(duplicates > 0 || log
        ? [
            [
              'duplicates',
              "'first'",
              log
                ? 'rows of the log: the first of each says what is known of it'
                : `${duplicates} rows repeat an id`,
            ] as Entry,
          ]
        : []),
    ],
    columns: [
      ['id', quoted(inFile(key))],
      ...(title && what === 'item' ? [['title', quoted(inFile(title.column)), title.why] as Entry] : []),
      ...kept
        .filter((one) => one !== title || what !== 'item')
        .map(({ column }): Entry => [nameOf(column), quoted(inFile(column))]),
    ],
    features: features.filter(([, value]) => value.length > 0),
    categories: [...of('category'), ...buckets].map(({ column }): Entry => [
      nameOf(column),
      String(dimensionsFor(column)),
    ]),
    hasNumbers: numbers.length > buckets.length || of('date', 'list').length > 0,
    ...(texts.length > 0 && {
      text: textEntry(
        texts.map(({ column }) => nameOf(column)),
        '',
      )[0],
    }),
    leftOut: columns
      .filter((one) => !kept.includes(one))
      .map(
        ({ column, use, why }) =>
          `${column.name}: ${use === 'image' ? `${why}; \`towerkit embed-images\` makes vectors of images on disk` : why}`,
      ),
  };
}

const textEntry = (columns: readonly string[], why: string): Entry => [
  columns.includes('title') ? 'title' : columns[0],
  `{ columns: ${quotedList(columns.slice(0, 3))}, encoder: { kind: 'lsa', dimensions: ${TEXT_DIMENSIONS} } }`,
  `${why}; LSA needs no download`,
];

function numberOf(one: SideColumn, unknownPlaces: boolean): string {
  if (one.use === 'flag') return "{ scale: 'none', missing: false }";
  if (one.use === 'latitude' || one.use === 'longitude') return unknownPlaces ? '{ buckets: 20 }' : '{}';
  if (one.use !== 'number') return '{}';
  if (one.buckets) return '{ buckets: 10 }';
  return one.log ? "{ transform: 'log1p' }" : '{}';
}

/** Dimensions of a category's vector: more for more values. */
const dimensionsFor = ({ distinct }: ColumnProfile): number => (distinct <= 8 ? 4 : distinct <= 50 ? 8 : 16);

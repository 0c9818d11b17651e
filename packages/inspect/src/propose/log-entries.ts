import type { Inspection } from '../inspection.js';
import type { ColumnProfile } from '../profile/column-profile.js';
import { layoutEntries } from './layout-entries.js';
import { columnNames } from './names.js';
import { gradesOf } from '../guess/grades.js';
import { gradeRules, kindRules } from './kinds.js';
import { quoted, type Entry } from './print.js';

/** The log as a config says it. */
export interface LogEntries {
  /** Names of all its columns, for a file that names none, or names two alike. */
  readonly names: readonly string[] | undefined;
  readonly layout: readonly Entry[];
  readonly columns: readonly Entry[];
  /** Keys of `data` beside `dataset`. */
  readonly data: readonly Entry[];
  readonly nobody: readonly string[];
}

/** Users that stand for everybody who is not known. */
const NOBODY = /^(guest|anonymous|unknown|undefined|nobody|gast|anonym|-1|0)$/i;

/**
 * What a config says of the interactions.
 *
 * @param searches whether it is one of a search, which reads grades in words as they are
 */
export function logEntries(
  { log, columns, facts, catalog, users }: Inspection,
  searches = false,
): LogEntries {
  const { file, user, item } = log!;
  const { time, weight } = columns!;
  // Grades in words are labels to a search, and kinds of rows to anything else.
  const grades = searches || !columns!.rating ? undefined : gradesOf(columns!.rating.column);
  const rating = grades ? undefined : columns!.rating;
  const kind = grades ? columns!.rating : columns!.kind;
  const what = log!.queries ? 'query' : 'user';
  const roles = new Map<number, string>([
    [user.place, what],
    [item.place, 'item'],
  ]);
  for (const [role, chosen] of Object.entries({ time, rating, weight, kind }))
    if (chosen) roles.set(chosen.column.place, role);
  const names = file.layout.format === 'sequences' ? undefined : columnNames(file.layout, roles);
  const inFile = (column: ColumnProfile) => names?.[column.place] ?? column.name;
  const entry = (role: string, column: ColumnProfile, why: string): Entry => [
    role,
    quoted(inFile(column)),
    why,
  ];
  const commas = [rating, weight].some((one) => one && one.column.commas > one.column.numbers);
  const form = time?.form?.format;
  const skips =
    facts!.incomplete > 0 ||
    file.rejected > 0 ||
    (facts!.negative ?? 0) > 0 ||
    (facts!.time?.unreadable ?? 0) > 0 ||
    file.sampled !== undefined ||
    (facts!.ratings?.missing ?? 0) > 0 ||
    [catalog, users].some((side) => side && side.file.rejected > 0);
  const busiest = facts!.busiest.user;
  const nobody = [
    ...facts!.nobody,
    ...(busiest.share > 0.2 && (NOBODY.test(busiest.name) || busiest.share > 0.3) && facts!.users > 10
      ? [busiest.name]
      : []),
  ];
  return {
    ...{ names, nobody },
    layout: layoutEntries(file.name, file.layout, names, {
      decimal: commas,
      ...(form && form !== 'iso' && { timeFormat: form }),
    }),
    columns: [
      entry('user', user, log!.why.user[0] ?? 'it is left for it'),
      entry('item', item, log!.why.item[0] ?? 'it is left for it'),
      ...(time ? [entry(time.isPosition ? 'position' : 'time', time.column, time.why)] : []),
      ...(rating ? [entry('rating', rating.column, rating.why)] : []),
      ...(kind ? [entry('kind', kind.column, kind.why)] : []),
      ...(weight ? [entry('weight', weight.column, weight.why)] : []),
    ],
    data: [
      ...(skips
        ? [['onBadRow', "'skip'", 'some rows cannot be used; how many is said when training'] as Entry]
        : []),
      ...(kind
        ? [
            [
              'kinds',
              grades ? gradeRules(grades) : kindRules(facts!.kinds ?? []),
              'what rows of each kind count as',
            ] as Entry,
          ]
        : []),
      ...(weight
        ? [['weights', [['transform', "'log1p'"]] as Entry[], 'twice as much does not count twice'] as Entry]
        : []),
    ],
  };
}

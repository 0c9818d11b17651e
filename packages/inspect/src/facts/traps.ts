import type { LogGuess } from '../guess/choose-log.js';
import { percent } from '../guess/entity-score.js';
import { mixedUnits, type LogColumns } from '../guess/log-columns.js';
import type { SideTable, Trap } from '../inspection.js';
import type { LogFacts } from './log-facts.js';

/** One user, or one item, with more rows than this share of all. */
const TOO_MANY = 0.2;
const YEAR = 365.25 * 86_400;

/** What of a log and its tables is likely to be a mistake, or to mislead. */
export function trapsOf(
  log: LogGuess,
  columns: LogColumns,
  facts: LogFacts,
  tables: { readonly catalog?: SideTable; readonly users?: SideTable },
  now: number,
): Trap[] {
  const traps: Trap[] = [];
  const trap = (id: string, what: string, advice: string) => traps.push({ id, what, advice });
  const { file, user, item } = log;
  for (const side of [file, ...Object.values(tables).map((table) => table?.file)].filter(
    (one, i, all) => one && all.indexOf(one) === i,
  ))
    for (const oddity of side!.oddities)
      trap(
        oddity.startsWith('several encodings') ? 'encodings' : 'form',
        `${side!.name}: ${oddity}`,
        'look at the lines it concerns, and save the file anew',
      );
  badRows(file, trap);
  if (facts.incomplete > 0)
    trap(
      'incomplete',
      `${percent(facts.incomplete / facts.rows)} of the rows have no ${user.name} or no ${item.name}`,
      'they are skipped (onBadRow)',
    );
  timeTraps(columns, facts, trap, now, file.layout.format === 'sequences');
  for (const [entity, { name, share }] of Object.entries(facts.busiest))
    if (share > TOO_MANY && (entity === 'user' ? facts.users : facts.items) > 10)
      trap(
        'one-' + entity,
        `the ${entity} ${JSON.stringify(name)} has ${percent(share)} of all rows`,
        entity === 'user'
          ? 'see whether it stands for everybody who is not known; anonymousUsers leaves it out'
          : 'see whether it is an item at all, such as a postage or a home page',
      );
  if (facts.negative)
    trap(
      'negative',
      `${percent(facts.negative)} of ${columns.weight!.column.name} are below 0, as returns are`,
      'they are skipped (onBadRow)',
    );
  if (columns.rating && columns.rating.column.least === -1 && (facts.ratings?.least ?? 0) < 0)
    trap(
      'no-rating',
      `${columns.rating.column.name} is -1 in some rows, which seems to say that there is none`,
      'read them as not rated',
    );
  if (
    facts.ratings &&
    !log.queries &&
    facts.ratings.least === 0 &&
    facts.ratings.values?.[0][1] &&
    facts.ratings.values[0][1] > 0.3
  )
    trap(
      'zero-ratings',
      `${percent(facts.ratings.values[0][1])} of the ratings are 0, which often says that there is none`,
      'see what a 0 means before a model predicts ratings',
    );
  if (facts.perUser.under3 > 0.5)
    trap(
      'short',
      `${percent(facts.perUser.under3)} of the users have fewer than 3 rows`,
      'they can hardly be learned from; kCore leaves them out',
    );
  if (facts.users < 50 || facts.items < 20)
    trap(
      'small',
      `${facts.users} users and ${facts.items} items are few`,
      'figures will be rough; popularity may be as good as any model',
    );
  for (const column of [user, item])
    if (column.padded > 0.005)
      trap(
        'padded',
        `${column.name} has ids with zeros before them, such as ${column.examples.find((value) => /^0/.test(value)) ?? '0…'}`,
        'they are read as text; a spreadsheet or a script that reads numbers loses the zeros',
      );
  for (const column of file.profiles)
    if (column.commas > column.numbers && column.commas > 0.98)
      trap(
        'decimal-commas',
        `${column.name} has decimal commas (${column.examples.find((value) => value.includes(',')) ?? ''})`,
        "decimal: ',' reads them",
      );
  for (const [name, table] of Object.entries(tables)) if (table) sideTraps(name, table, trap);
  return traps;
}

type Add = (id: string, what: string, advice: string) => void;

function timeTraps({ time }: LogColumns, facts: LogFacts, trap: Add, now: number, isSequence: boolean): void {
  if (!time && isSequence) return;
  if (!time) {
    trap(
      'no-time',
      'no column says when, or in which order',
      'rows are held back at random; a model cannot learn what comes next',
    );
    return;
  }
  const { name } = time.column;
  if (mixedUnits(time.column)) {
    const shares = [...time.column.units].map(([unit, share]) => `${percent(share)} ${unit}`).join(', ');
    trap(
      'time-units',
      `${name} has times in several units: ${shares}`,
      'bring them to one unit before training: the order of rows is wrong as they are',
    );
  }
  if (time.unit && time.unit !== 'seconds')
    trap(
      'time-unit',
      `${name} counts ${time.unit}`,
      time.unit === 'milliseconds'
        ? 'say so where time counts (timeUnit)'
        : 'the order is right; ages in days are not',
    );
  if (time.form?.ambiguous)
    trap(
      'day-month',
      `${name} may be day first or month first: no number goes above 12`,
      'it is read day first; timeFormat says otherwise',
    );
  const known = facts.time;
  if (!known) return;
  if (known.unreadable > 0)
    trap(
      'bad-times',
      `${percent(known.unreadable)} of ${name} cannot be read as times`,
      'those rows are skipped (onBadRow)',
    );
  if (known.isClock && known.last > now + 86_400)
    trap(
      'future',
      `${name} goes on to ${new Date(known.last * 1000).toISOString().slice(0, 10)}, which is to come`,
      'see whether the clock or the unit is wrong',
    );
  if (known.isClock && known.last - known.first > 40 * YEAR)
    trap(
      'span',
      `${name} spans ${Math.round((known.last - known.first) / YEAR)} years`,
      'see whether some of it is a default, such as 1970',
    );
  if (known.first === known.last) trap('one-time', `all rows have the same ${name}`, 'it says no order');
}

function badRows({ name, rejected }: LogGuess['file'], trap: Add): void {
  if (rejected > 0)
    trap('bad-rows', `${rejected} rows of ${name} do not fit its columns`, 'they are skipped (onBadRow)');
}

function sideTraps(name: string, { file, key, join, duplicates, columns, log }: SideTable, trap: Add): void {
  const what = name === 'catalog' ? 'items' : 'users';
  if (log) return;
  if (duplicates > 0)
    trap(
      'duplicate-ids',
      `${file.name} has ${duplicates} rows that repeat a ${key.name}`,
      "duplicates: 'first' takes the first of each",
    );
  if (join && join.contained < 1) {
    const missing = join.column.distinct - join.shared;
    trap(
      'no-row',
      `${missing} of ${join.column.distinct} ${what} of the log have no row in ${file.name}`,
      'they are known by their id alone',
    );
  }
  badRows(file, trap);
  for (const { column, use, why } of columns) {
    if (why.startsWith('codes'))
      trap(
        'codes',
        `${column.name} of ${file.name} looks like a number and is a code (${column.examples.join(', ')})`,
        'it is read as a category, to the letter',
      );
    if (why.includes('seems to stand for unknown'))
      trap(
        'unknown-value',
        `${column.name} of ${file.name} is ${column.least} where it is not known`,
        'buckets keep it apart',
      );
    if (use === 'category' && column.top?.value === '-1')
      trap(
        'unknown-value',
        `${column.name} of ${file.name} is -1 in ${column.top.rows} rows, where it seems not to be known`,
        'it is read as a value of its own',
      );
    if (use === 'date' && column.time?.ambiguous)
      trap(
        'day-month',
        `${column.name} of ${file.name} may be day first or month first`,
        'it is read day first',
      );
    if (column.commas > column.numbers && column.commas > 0.98)
      trap(
        'decimal-commas',
        `${column.name} of ${file.name} has decimal commas (${column.examples.find((value) => value.includes(',')) ?? ''})`,
        "decimal: ',' reads them",
      );
  }
}

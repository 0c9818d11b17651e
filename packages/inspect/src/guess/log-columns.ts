import type { DuckDBConnection } from '@duckdb/node-api';

import { isNumeric, isTime, type ColumnProfile } from '../profile/column-profile.js';
import type { TimeForm, TimeUnit } from '../profile/times.js';
import type { LogGuess } from './choose-log.js';
import { percent } from './entity-score.js';
import { kindShare, nameScore, wordsOf } from './names.js';
import { gradesOf } from './grades.js';
import { dependence, risesWithin } from './pairs.js';

/** A column with why it was chosen. */
export interface Chosen {
  readonly column: ColumnProfile;
  readonly why: string;
}

/** A column of times, or of places in a history. */
export interface TimeGuess extends Chosen {
  /** How its dates are written, or what its numbers count; neither for numbers that only say an order. */
  readonly form?: TimeForm;
  readonly unit?: TimeUnit;
  /** Whether it says places in a history, not times. */
  readonly isPosition: boolean;
}

/** What the other columns of a log say. */
export interface LogColumns {
  readonly time?: TimeGuess;
  readonly rating?: Chosen;
  readonly weight?: Chosen;
  readonly kind?: Chosen;
  /** Columns that the item, or the user, of a row decides. */
  readonly ofItem: readonly ColumnProfile[];
  readonly ofUser: readonly ColumnProfile[];
  /** Everything else: what may be known of the moment, or nothing. */
  readonly rest: readonly ColumnProfile[];
}

/** From how sure a dependence counts. */
const DEPENDS = 0.93;

/** Says what each column of a log but user and item is. */
export async function guessLogColumns(connection: DuckDBConnection, log: LogGuess): Promise<LogColumns> {
  const { file, user, item } = log;
  const others = file.profiles.filter((column) => column !== user && column !== item && column.filled > 0);
  const ofItem: ColumnProfile[] = [];
  const ofUser: ColumnProfile[] = [];
  const own: ColumnProfile[] = [];
  for (const column of others) {
    if (column.distinct < 2) own.push(column);
    else {
      const [i, u] = [
        await dependence(connection, file, column, item),
        await dependence(connection, file, column, user),
      ];
      if (Math.max(i, u) < DEPENDS) own.push(column);
      else if (i >= u) ofItem.push(column);
      else ofUser.push(column);
    }
  }
  const times = [];
  for (const column of own) times.push({ column, ...(await timeScore(connection, log, column)) });
  const best = times.sort((a, b) => b.score - a.score)[0];
  const time = best && best.score >= 2 ? timeGuess(best.column, best.why, best.isPosition) : undefined;
  const left = own.filter(
    (column) => column !== time?.column && column.distinct > 1 && !column.time && !isTime(column),
  );
  const grades = log.queries ? left.find(gradesOf) : undefined;
  const rating = grades
    ? { column: grades, why: `its values are grades: ${grades.values!.join(', ')}` }
    : pick(left, ratingScore);
  const kind = pick(
    left.filter((column) => column !== rating?.column),
    kindScore,
  );
  const weight = pick(
    left.filter((column) => column !== rating?.column && column !== kind?.column),
    weightScore,
  );
  const used = [time?.column, rating?.column, kind?.column, weight?.column];
  return {
    ...(time && { time }),
    ...(rating && { rating }),
    ...(kind && { kind }),
    ...(weight && { weight }),
    ...{ ofItem, ofUser, rest: own.filter((column) => !used.includes(column)) },
  };
}

type Score = readonly [score: number, why: string];

const NONE: Score = [0, ''];

function pick(
  columns: readonly ColumnProfile[],
  score: (column: ColumnProfile) => Score,
): Chosen | undefined {
  let best: { column: ColumnProfile; score: number; why: string } | undefined;
  for (const column of columns) {
    const [points, why] = score(column);
    if (points >= 2 && points > (best?.score ?? 0)) best = { column, score: points, why };
  }
  return best && { column: best.column, why: best.why };
}

async function timeScore(
  connection: DuckDBConnection,
  { file, user }: LogGuess,
  column: ColumnProfile,
): Promise<{ score: number; why: string; isPosition: boolean }> {
  const named = Math.max(0, nameScore(column.name, 'time'));
  const fine = 0.3 * Math.log10(Math.max(column.distinct, 1));
  if (column.time)
    return {
      score: 3 + named / 2 + fine,
      why: `its values are dates (${column.time.format})`,
      isPosition: false,
    };
  if (isTime(column) || mixedUnits(column)) {
    const unit = [...column.units].sort(([, a], [, b]) => b - a)[0][0];
    return { score: 3 + named / 2 + fine, why: `its values are ${unit} since 1970`, isPosition: false };
  }
  if (!isNumeric(column) || column.decimals > 0 || (column.least ?? -1) < 0 || column.distinct < 3)
    return { score: 0, why: '', isPosition: false };
  const cyclic = wordsOf(column.name).some((word) => ['hour', 'month', 'weekday', 'dow'].includes(word));
  const position = nameScore(column.name, 'position');
  const rises = await risesWithin(connection, file, column, user);
  if (cyclic && rises < 0.95) return { score: 0, why: '', isPosition: false };
  if (rises > 0.97 && column.distinct > 10)
    return {
      score: 1 + Math.max(named, position, 1) / 2 + fine,
      why: `it never falls within a ${user.name} (${percent(rises)} of its rows)`,
      isPosition: named < 3,
    };
  if (named > 2 && column.distinct > 10)
    return { score: 2 + fine / 3, why: 'its name says so', isPosition: false };
  if (position > 2 && column.distinct > 2 && nameScore(column.name, 'rating') < 3 && (column.least ?? 9) <= 1)
    return { score: 2, why: 'its name says that it is a place in an order', isPosition: true };
  return { score: 0, why: '', isPosition: false };
}

/** Numbers that are times, some in one unit and some in another. */
export const mixedUnits = ({ units, distinct }: ColumnProfile): boolean =>
  distinct > 10 && units.size > 1 && [...units.values()].reduce((sum, share) => sum + share, 0) > 0.98;

function timeGuess(column: ColumnProfile, why: string, isPosition: boolean): TimeGuess {
  const unit = [...column.units].sort(([, a], [, b]) => b - a)[0];
  return {
    ...{ column, why, isPosition },
    ...(column.time ? { form: column.time } : unit && unit[1] > 0.4 ? { unit: unit[0] } : {}),
  };
}

const SCALES = [1, 2, 3, 4, 5, 6, 7, 10, 20, 100];

function ratingScore(column: ColumnProfile): Score {
  const { least = NaN, most = NaN, distinct, top, filled } = column;
  if (!isNumeric(column)) return NONE;
  const named = nameScore(column.name, 'rating');
  const scale = `from ${least} to ${most} in ${distinct} steps`;
  if (named > 2 && distinct <= 201) return [named, `its name says so; it goes ${scale}`];
  const quantity = nameScore(column.name, 'weight') > 2 || nameScore(column.name, 'position') > 2;
  const price = wordsOf(column.name).some((word) =>
    /price|preis|cost|value|amount|disc|total|temp|wind|precip/.test(word),
  );
  const skewed =
    top !== undefined && Number(top.value.replace(',', '.')) === least && top.rows > 0.5 * filled;
  if (quantity || price || skewed || distinct < 3 || distinct > 21 || least < -1 || most < 3) return NONE;
  if (column.decimals > 2 || !SCALES.includes(most)) return NONE;
  return [2, `it goes ${scale}, as ratings do`];
}

/** A column that says of each row whether somebody liked the item. */
const isVerdict = ({ values, name }: ColumnProfile): boolean =>
  values?.length === 2 &&
  values.every((value) => /^(true|false|yes|no|y|n|0|1)$/i.test(value)) &&
  wordsOf(name).some((word) =>
    /^(like|liked|likes|thumb|thumbs|recommend|recommended|gefallt|gusta|aime)$/.test(word),
  );

function kindScore(column: ColumnProfile): Score {
  const { values, distinct } = column;
  if (isVerdict(column)) return [2.5, `it says yes or no to each: ${values!.join(', ')}`];
  if (!values || distinct < 2 || distinct > 30 || isNumeric(column)) return NONE;
  const state = wordsOf(column.name).some((word) =>
    /^(status|state|channel|device|payment|source|medium|method)$/.test(word),
  );
  if (state) return NONE;
  const known = kindShare(values);
  const named = nameScore(column.name, 'kind');
  const shown = values.slice(0, 4).join(', ');
  if (known >= 0.5) return [2 + known + Math.max(0, named) / 4, `its values are things one does: ${shown}`];
  return named === 4 && distinct <= 12 && known > 0 ? [2, `its name says so: ${shown}`] : NONE;
}

function weightScore(column: ColumnProfile): Score {
  const { least = NaN, most = NaN, distinct, top, filled } = column;
  if (!isNumeric(column) || distinct < 2) return NONE;
  const named = nameScore(column.name, 'weight');
  if (named > 2) return [named, `its name says so; it goes from ${least} to ${most}`];
  const named3 = wordsOf(column.name).some((word) =>
    /price|preis|cost|value|disc|total|temp|wind|precip|id|code|zip|store|week/.test(word),
  );
  const counts =
    column.whole === 1 && least >= 0 && least <= 1 && most > 2 && distinct > 3 && Number(top?.value) <= 1;
  if (named3 || !counts || !top || top.rows < 0.3 * filled) return NONE;
  return [2, `it counts: whole numbers from ${least} to ${most}, mostly ${top.value}`];
}

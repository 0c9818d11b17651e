import type { DuckDBConnection } from '@duckdb/node-api';

import { isNumeric, isTime, isUnique, type ColumnProfile } from '../profile/column-profile.js';
import { candidatesOf, entityScore, percent } from './entity-score.js';
import { joinsOf, keysOf, type Join } from './joins.js';
import { nameScore } from './names.js';
import { countPairs, dependence, headShare, sortedness, togetherness, type PairFigures } from './pairs.js';
import { Weighing } from './reasons.js';
import type { ProfiledFile } from './tables.js';

/** A file as a log of interactions: which columns say who and what, and which tables tell more of them. */
export interface LogGuess {
  readonly file: ProfiledFile;
  readonly user: ColumnProfile;
  readonly item: ColumnProfile;
  readonly score: number;
  readonly why: { readonly user: readonly string[]; readonly item: readonly string[] };
  readonly users?: Join;
  readonly catalog?: Join;
  /** All joins of the file's columns. */
  readonly joins: readonly Join[];
  readonly figures: PairFigures;
  /** Whether what asks is a query, not somebody. */
  readonly queries: boolean;
  /** What the next best guess was, where it is nearly as good. */
  readonly rival?: { readonly user: string; readonly item: string };
}

/** Columns whose role somebody said. */
export interface KnownColumns {
  readonly user?: string;
  readonly item?: string;
}

/** Points from which a file counts as a log. */
export const ENOUGH = 2;
/** Points that what columns are together, and the rows, can add beside another pair. */
const CAN_MAKE_UP = 14;

/** Columns that are tried for each entity. */
const TRIED = 6;

/** How each file may be a log, the best guess for each, the surest first. */
export async function guessLogs(
  connection: DuckDBConnection,
  files: readonly ProfiledFile[],
  known: KnownColumns = {},
): Promise<LogGuess[]> {
  const guesses: LogGuess[] = [];
  for (const file of files) {
    const joins = await joinsOf(
      connection,
      file,
      files.filter((other) => other !== file),
    );
    const guess = await guessLog(connection, file, joins, known);
    if (guess) guesses.push(guess);
  }
  return guesses.sort((a, b) => b.score - a.score);
}

async function guessLog(
  connection: DuckDBConnection,
  file: ProfiledFile,
  joins: readonly Join[],
  known: KnownColumns,
): Promise<LogGuess | undefined> {
  const candidates = candidatesOf(file);
  const ranked = (entity: 'user' | 'item') =>
    (known[entity] === undefined ? candidates : file.profiles.filter(({ name }) => name === known[entity]))
      .map((column) => ({ column, ...entityScore(column, entity, joins), queries: false }))
      .map((one) => (entity === 'user' ? asQuery(one, file) : one))
      .sort((a, b) => b.weighing.score - a.weighing.score)
      .slice(0, TRIED);
  const [users, items] = [ranked('user'), ranked('item')];
  const time = file.profiles.find((column) => column.time ?? isTime(column));
  const counted = new Map<string, PairFigures>();
  const found: (Omit<LogGuess, 'rival'> & { readonly plain: number })[] = [];
  const sums = users.flatMap((user) =>
    items.flatMap((item) => (user.column === item.column ? [] : user.weighing.score + item.weighing.score)),
  );
  const hopeful = Math.max(...sums) - CAN_MAKE_UP;
  for (const user of users)
    for (const item of items) {
      // Pairs of a large log take a while to count: those are left out that could not make up for what they lack.
      if (user.column === item.column || user.weighing.score + item.weighing.score < hopeful) continue;
      const key = [user.column.place, item.column.place].sort().join();
      const figures = counted.get(key) ?? (await countPairs(connection, file, user.column, item.column));
      counted.set(key, figures);
      const weighing = new Weighing();
      const [perUser, perItem] = [figures.pairs / user.column.distinct, figures.pairs / item.column.distinct];
      weighing.add(perUser > 1.15 ? 1 : -4).add(perItem > 1.15 || item.join ? 1 : -4);
      if (user.column.place < item.column.place) weighing.add(0.5, 'users stand before items in most files');
      if (time) weighing.add(1);
      if (known.user !== undefined || known.item !== undefined) weighing.add(10);
      if (!time && file.profiles.filter(isNumeric).length > 30) weighing.add(-2);
      if (!time && keysOf(file).some(isUnique)) weighing.add(-2);
      const sameTable = user.join && user.join.table === item.join?.table;
      const plain = user.weighing.score + item.weighing.score + weighing.score;
      found.push({
        ...{ file, joins, user: user.column, item: item.column, figures, queries: user.queries },
        ...{ score: plain - (sameTable ? 4 : 0), plain },
        why: {
          user: [
            ...user.weighing.reasons.filter((reason) => !sameTable || !reason.includes('are ids of')),
            ...weighing.reasons,
          ],
          item: item.weighing.reasons,
        },
        ...(user.join && !sameTable && { users: user.join }),
        ...(item.join && { catalog: item.join }),
      });
    }
  found.sort((a, b) => b.score - a.score);
  const told = await tellApart(connection, file, found.slice(0, 8), candidates, time);
  const [best, ...rest] = told.sort((a, b) => b.score - a.score);
  if (!best) return undefined;
  const [second] = rest.filter(({ user, item }) => user !== best.user || item !== best.item);
  const near = second && best.score - second.score < 0.75 && best.score > ENOUGH;
  return { ...best, ...(near && { rival: { user: second.user.name, item: second.item.name } }) };
}

type Scored = ReturnType<typeof entityScore> & { column: ColumnProfile; queries: boolean };

/** A column of search terms asks as a user does. */
function asQuery(one: Scored, file: ProfiledFile): Scored {
  const { column, weighing } = one;
  const named = nameScore(column.name, 'query');
  const text = column.words > 1.8 && column.numbers < 0.5 && !column.time;
  const graded = file.profiles.some((other) => other !== column && isNumeric(other) && other.distinct < 50);
  const someone = file.profiles.some(
    (other) => other !== column && nameScore(other.name, 'user') > Math.max(2, nameScore(other.name, 'item')),
  );
  if (someone || !text || (named < 3 && !graded) || (named < 3 && weighing.score > 2)) return one;
  weighing.add(
    named > 2 ? 4 : 1,
    named > 2 ? 'its name says that it holds queries' : 'its values are phrases that are graded',
  );
  return { ...one, queries: true };
}

/** Weighs what only the rows say, where names and tables leave it open. */
async function tellApart<G extends LogGuess>(
  connection: DuckDBConnection,
  file: ProfiledFile,
  guesses: readonly G[],
  candidates: readonly ColumnProfile[],
  time: ColumnProfile | undefined,
): Promise<G[]> {
  const [best] = guesses;
  if (!best) return [];
  const named = nameScore(best.user.name, 'user') > 2 || best.queries;
  const both = named && nameScore(best.item.name, 'item') > 2;
  if (both || (best.users && best.catalog)) return [...guesses];
  const memo = new Map<string, number>();
  const once = async (key: string, ask: () => Promise<number>) => {
    const known = memo.get(key);
    if (known !== undefined) return known;
    const value = await ask();
    memo.set(key, value);
    return value;
  };
  const texts = file.profiles.filter(
    ({ words, numbers, distinct, time: date }) => words > 1.5 && numbers < 0.5 && distinct > 20 && !date,
  );
  const told: G[] = [];
  for (const guess of guesses) {
    const { user, item } = guess;
    const [forUser, forItem] = [new Weighing(), new Weighing()];
    const says = (of: ColumnProfile, on: ColumnProfile) =>
      once(`${of.place} of ${on.place}`, () => dependence(connection, file, of, on));
    for (const other of candidates)
      if (other !== user && other !== item && other.distinct < 0.9 * user.distinct && other.distinct >= 20)
        if ((await says(other, user)) > 0.95) forUser.add(-1.5);
    for (const text of texts.slice(0, 3))
      if (text !== item && (await says(text, item)) > 0.95)
        forItem.add(1.5, `each of its values has one ${text.name}`);
    if (time && time !== user && time !== item) {
      const [u, i] = await Promise.all(
        [user, item].map((column) =>
          once(`at once ${column.place}`, () => togetherness(connection, file, column, time)),
        ),
      );
      if (Math.abs(u - i) > 0.1)
        forUser.add(
          2 * (u - i),
          `rows of the same time are of one ${user.name} (${percent(u)}), as baskets are`,
        );
    }
    const [su, si] = await Promise.all(
      [user, item].map((column) =>
        once(`sorted ${column.place}`, () => sortedness(connection, file, column)),
      ),
    );
    if (su > 0.4 && su > si + 0.2)
      forUser.add(0.75, `the file has its rows one ${user.name} after the other`);
    if (si > 0.4 && si > su + 0.2) forUser.add(-0.75);
    const [hu, hi] = await Promise.all(
      [user, item].map((column) => once(`head ${column.place}`, () => headShare(connection, file, column))),
    );
    if (Math.abs(hi - hu) > 0.1)
      forItem.add(
        Math.max(-1, Math.min(1, 2.5 * (hi - hu))),
        `its most frequent tenth has ${percent(hi)} of the rows, as popular items do`,
      );
    told.push({
      ...guess,
      score: guess.score + forUser.score + forItem.score,
      why: { user: [...forUser.reasons, ...guess.why.user], item: [...forItem.reasons, ...guess.why.item] },
    });
  }
  return told;
}

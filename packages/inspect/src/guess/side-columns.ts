import { isNumeric, type ColumnProfile } from '../profile/column-profile.js';
import { nameScore, wordsOf } from './names.js';

/** What a column of a table of items, or of users, is to a tower. */
export type ColumnUse =
  | { readonly use: 'title' | 'text' | 'category' | 'flag' }
  | { readonly use: 'number'; readonly log: boolean; readonly buckets: boolean }
  | { readonly use: 'date'; readonly format: string }
  | { readonly use: 'list'; readonly separator: string }
  | { readonly use: 'latitude' | 'longitude' }
  | { readonly use: 'image' | 'left out' };

/** A column with its use and why. */
export type SideColumn = ColumnUse & { readonly column: ColumnProfile; readonly why: string };

/** Different values of a category, at most, whatever the number of rows. */
const MOST_CATEGORIES = 10_000;

/**
 * Says what each column of a table is.
 *
 * @param profiles its columns but the id
 * @param ids how many ids it has: fewer than rows, where the table is the log itself
 */
export function sideColumns(profiles: readonly ColumnProfile[], ids: number): SideColumn[] {
  const guesses = profiles.map((column): SideColumn => ({ ...useOf(column, ids), column }));
  const title = titleOf(guesses, ids);
  return placesOf(guesses).map((guess) =>
    guess.column === title
      ? {
          use: 'title',
          column: title,
          why: `${title.distinct} different texts of ${title.words.toFixed(1)} words`,
        }
      : guess,
  );
}

type Use = ColumnUse & { readonly why: string };

const leftOut = (why: string): Use => ({ use: 'left out', why });

function useOf(column: ColumnProfile, ids: number): Use {
  const { distinct, filled, rows, top, words, values } = column;
  if (filled === 0) return leftOut('it is empty');
  if (distinct < 2) return leftOut('it has one value alone');
  if (filled < 0.02 * rows) return leftOut(`${Math.round((100 * filled) / rows)}% of its rows have a value`);
  if (column.images > 0.5) return { use: 'image', why: 'its values name images' };
  if (column.objects) return leftOut('its cells hold objects');
  if (column.clocks > 0.98) return leftOut('its values are times of day');
  if (column.urls > 0.5) return leftOut('its values are addresses of pages');
  if (column.emails > 0.5) return leftOut('its values are e-mail addresses');
  if (column.time && column.time.format !== '%Y%m%d')
    return { use: 'date', format: column.time.format, why: `its values are dates (${column.time.format})` };
  if (isOutcome(column))
    return leftOut('its name says that it sums up ratings or sales: those to be predicted may be in it');
  if (column.list) {
    const { separator, names } = column.list;
    return { use: 'list', separator, why: `its cells hold several of ${names} names` };
  }
  if (isNumeric(column)) return numberUse(column, ids);
  const each = Math.min(ids, filled) / distinct;
  if (values && values.every((value) => /^(true|false|yes|no|y|n|t|f|ja|nein|si|oui|non)$/i.test(value)))
    return { use: 'category', why: `yes or no: ${values.join(', ')}` };
  if (distinct <= MOST_CATEGORIES && (distinct <= 20 || each >= 3) && words < 6) {
    const shown = top ? `, most often ${shorten(top.value)}` : '';
    return { use: 'category', why: `${distinct} values that come again${shown}` };
  }
  if (column.uuids > 0.9 || (words < 1.3 && column.numbers > 0.3))
    return leftOut('its values are codes, a different one in each row');
  if (words >= 1.3) return { use: 'text', why: `texts of ${words.toFixed(1)} words` };
  return each >= 1.5 && distinct <= MOST_CATEGORIES
    ? { use: 'category', why: `${distinct} values that come again` }
    : leftOut('its values are names or codes, a different one in nearly each row');
}

function numberUse(column: ColumnProfile, ids: number): Use {
  const { distinct, least = 0, most = 0, median = 0, whole, values, filled } = column;
  if (values && distinct === 2 && values.every((value) => value === '0' || value === '1'))
    return { use: 'flag', why: '0 or 1' };
  const words = wordsOf(column.name);
  const code =
    column.padded > 0 ||
    words.some(
      (word) =>
        /^(id|ids|code|zip|zipcode|plz|no|nr|sku|ean|upc|key|phone|isbn)$/.test(word) ||
        /(^.+id|code)$/.test(word),
    );
  const each = Math.min(ids, filled) / distinct;
  if (code && whole === 1)
    return each >= 3 && distinct <= MOST_CATEGORIES
      ? {
          use: 'category',
          why: `${column.padded > 0 ? 'codes with zeros before them' : 'codes'}, not amounts: ${distinct} values that come again`,
        }
      : leftOut('its values are codes, not amounts, and seldom come again');
  if (
    whole === 1 &&
    distinct > 0.97 * filled &&
    filled > 20 &&
    most - least < 3 * filled &&
    least >= 0 &&
    distinct > 50
  )
    return leftOut('it numbers the rows');
  const dense = whole === 1 && least >= 0 && least <= 1 && distinct <= 30 && distinct >= most - least;
  if (whole === 1 && (distinct <= 12 || dense))
    return { use: 'category', why: `${distinct} whole numbers that come again` };
  // A value far below all others stands for "not known".
  const unknown = least === -1 || least === -99 || least === -999 || least === -9999;
  const log = least >= 0 && median > 0 && most > 20 * median;
  const why = `numbers from ${least} to ${most}`;
  if (unknown && median > least)
    return {
      use: 'number',
      log: false,
      buckets: true,
      why: `${why}; ${least} seems to stand for unknown, so they are read in buckets`,
    };
  return { use: 'number', log, buckets: false, why: log ? `${why}, most of them small` : why };
}

/** Figures of what people thought or bought, which may hold what is to be predicted. */
function isOutcome({ name, numbers }: ColumnProfile): boolean {
  if (numbers < 0.9) return false;
  const all = wordsOf(name).join(' ');
  if (
    /(average|avg|mean|total|num|number|count|n)( of)? (rating|review|vote|star|tip|sale|order|purchase|view|like|checkin)/.test(
      all,
    )
  )
    return true;
  return /^(rating|ratings|stars|score|popularity|sales rank|rank|rating count|ratings count|review count|reviews|votes|sales|views|likes|play count|plays|helpful.*)$/.test(
    all,
  );
}

/** The column that names an item to a person: a text that is different for nearly each. */
function titleOf(guesses: readonly SideColumn[], ids: number): ColumnProfile | undefined {
  let best: { column: ColumnProfile; score: number } | undefined;
  for (const { column, use, why } of guesses) {
    const { distinct, words, length, numbers, urls, images, uuids, name } = column;
    if (
      use !== 'text' &&
      use !== 'category' &&
      use !== 'list' &&
      !(use === 'left out' && why.includes('names or codes'))
    )
      continue;
    if (numbers > 0.5 || urls > 0.5 || images > 0.5 || uuids > 0.5 || length > 300) continue;
    const all = wordsOf(name);
    const named = all.some((word) => ['title', 'name', 'titel', 'nombre', 'nom', 'titulo'].includes(word))
      ? 2
      : all.some((word) => /^(desc|description|bezeichnung|product|produkt|label)$/.test(word))
        ? 1
        : 0;
    const attribute = all.some((word) =>
      /^(category|brand|author|artist|city|genre|genres|type|color|tags)$/.test(word),
    );
    const share = Math.min(1, distinct / Math.max(ids, 1));
    if (share < 0.3 || attribute) continue;
    const score = named + share + (words > 1.2 && words < 16 ? 1 : 0) - (use === 'list' ? 0.5 : 0);
    if (score > 1.2 && score > (best?.score ?? 0)) best = { column, score };
  }
  return best?.column;
}

/** Marks a pair of columns that are coordinates: by their names, or by their ranges and decimals side by side. */
function placesOf(guesses: readonly SideColumn[]): SideColumn[] {
  const named = (column: ColumnProfile, pattern: RegExp) =>
    wordsOf(column.name).some((word) => pattern.test(word));
  const isLatitude = ({ column }: SideColumn) =>
    named(column, /^(lat|latitude|breitengrad|breite)$/) && isNumeric(column);
  const isLongitude = ({ column }: SideColumn) =>
    named(column, /^(lon|lng|long|longitude|laengengrad|laenge)$/) && isNumeric(column);
  let latitude = guesses.findIndex(isLatitude);
  let longitude = guesses.findIndex(isLongitude);
  if (latitude < 0 || longitude < 0) {
    const fine = (
      { column: { decimals, least = 999, most = 999, distinct }, use }: SideColumn,
      edge: number,
    ) => use === 'number' && decimals >= 4 && distinct > 20 && least >= -edge && most <= edge;
    latitude = guesses.findIndex(
      (guess, i) => fine(guess, 90) && guesses[i + 1] !== undefined && fine(guesses[i + 1], 180),
    );
    longitude = latitude < 0 ? -1 : latitude + 1;
  }
  if (latitude < 0 || longitude < 0) return [...guesses];
  const range = ({ least, most }: ColumnProfile) => `from ${least} to ${most}`;
  return guesses.map((guess, i): SideColumn => {
    if (i !== latitude && i !== longitude) return guess;
    const use = i === latitude ? 'latitude' : 'longitude';
    return { use, column: guess.column, why: `degrees ${range(guess.column)}` };
  });
}

const shorten = (text: string) => (text.length > 30 ? `${text.slice(0, 29)}…` : text);

/** Whether a column of a log may be known of the moment of a question, such as a device or the weather. */
export const isOfMoment = (column: ColumnProfile): boolean =>
  column.distinct > 1 &&
  column.distinct <= 200 &&
  !column.time &&
  column.filled > 0.5 * column.rows &&
  column.words < 5 &&
  nameScore(column.name, 'rating') < 3;

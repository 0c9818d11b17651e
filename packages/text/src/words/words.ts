import { folded } from './fold.js';

/** UTF-16 units of a word that count. */
const LONGEST = 48;

/** Letters of scripts that are written without blanks, or, as Korean, with words grown together. */
const JOINED =
  '\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}\\p{sc=Bopo}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}\\p{sc=Tibt}\\u30fc\\u3099\\u309a';
/* eslint-disable no-misleading-character-class -- the marks of kana are meant one by one */
const RUN = new RegExp(`[${JOINED}]+|(?:(?![${JOINED}])[\\p{L}\\p{N}\\p{M}])+`, 'gu');
const OPENS_JOINED = new RegExp(`^[${JOINED}]`, 'u');
/* eslint-enable no-misleading-character-class */

/** A text taken apart. */
interface Run {
  readonly text: string;
  readonly joined: boolean;
}

const runsOf = (text: string): Run[] =>
  (folded(text).match(RUN) ?? []).map((run) => ({ text: run, joined: OPENS_JOINED.test(run) }));

/**
 * Words of a text, folded, in their order; repeats included. Where words are not set apart, each character with the one after
 * it is a word, and the last by itself: a dictionary would cut a title and a query that is part of it at different places.
 */
export const wordsOf = (text: string): string[] =>
  runsOf(text).flatMap((run) => (run.joined ? pairs(run.text, true) : run.text.slice(0, LONGEST)));

/** Beginnings of words that a text must have to match a query: the same without lone last characters of a run. */
export const wantedOf = (query: string): string[] =>
  runsOf(query).flatMap((run) => (run.joined ? pairs(run.text, false) : run.text.slice(0, LONGEST)));

/** Whether a text has a letter or a digit. */
export const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

function pairs(run: string, last: boolean): string[] {
  const characters = Array.from(run);
  const found = characters.slice(1).map((character, place) => characters[place] + character);
  if (last || characters.length === 1) found.push(characters.at(-1)!);
  return found;
}

import { unitOf } from './units.js';

/** Characters of a text that are read. */
const MOST_CHARACTERS = 32_768;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  nbsp: ' ',
  reg: ' ',
  trade: ' ',
  deg: ' ',
};

/** Runs of letters, and numbers with their fractions: `1/2`, `3.5`. What is between them separates. */
const TOKEN = /\p{N}+(?:[./]\p{N}+)*|[\p{L}\p{M}]+/gu;

/**
 * The words and numbers of a title or a query, as search compares them:
 *
 * - HTML entities are resolved, accents dropped, letters made small; a vulgar fraction is written out (`½` is `1/2`);
 * - CamelCase, and letters beside digits, come apart: `DeckOver` is `deck over`, `4x8wood` is `4 x 8 wood`, `PS5` is `ps 5`;
 * - commas inside numbers go: `25,000` is `25000`; `1/2` and `3.5` stay whole;
 * - units have one spelling: `12"`, `12 inches` and `12-in.` are `12 in`;
 * - plurals lose their ending (`-s`, `-es`, `-ies`).
 *
 * Emoji and punctuation are no words. Of a text longer than 32,768 UTF-16 units the rest is not read.
 *
 * @example
 * ```ts
 * tokensOf('Rust-Oleum 12" PaintBrushes, 2x4'); // rust, oleum, 12, in, paint, brush, 2, x, 4
 * ```
 */
export function tokensOf(text: string): string[] {
  const plain = text
    .slice(0, MOST_CHARACTERS)
    .replace(/&(?:#(\d{1,6})|([a-z]{2,5}));/gi, resolved)
    .replace(/(?<=\d)\s*["\u2033\u201d]/g, ' in ')
    .replace(/(?<=\d)\s*['\u2032\u2019]/g, ' ft ')
    .replace(/(?<=\p{N})(?=[\u00bc-\u00be\u2150-\u215e])/gu, ' ')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'\u2019]/g, '')
    .normalize('NFC')
    .replaceAll('\u2044', '/')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1');
  return Array.from(plain.match(TOKEN) ?? [], (token) => unitOf(token) ?? stem(token));
}

function resolved(entity: string, number: string | undefined, name: string | undefined): string {
  if (number !== undefined) {
    const point = Number(number);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ' ';
  }
  return ENTITIES[name!.toLowerCase()] ?? entity;
}

/** A word without the ending of an English plural. */
function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+s$/.test(word) || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return /(ch|sh|ss|x)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}

/** Letters that no decomposition of Unicode takes apart, as people without them on their keyboard write them. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ł: 'l', ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ŧ: 't', þ: 'th', æ: 'ae', œ: 'oe', ŋ: 'n' },
  ς: 'σ',
};
const SPECIAL = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');

/**
 * Accents of Latin, Greek and Cyrillic, Hebrew points and Arabic vowel signs. Marks that are letters of their own, such as
 * the vowels of Thai and Hindi and the voicing of kana, stay.
 */
const MARKS =
  // eslint-disable-next-line no-misleading-character-class -- the marks are meant one by one
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;

const ASCII = /^[\0-\x7f]*$/;

/**
 * A text as it is compared: without case, accents, ligatures and widths, whatever the locale. `GRÖSSE` and `Größe` both
 * become `grosse`, `Łódź` becomes `lodz`, `İ` and `ı` become `i`, a final sigma an ordinary one.
 */
export function folded(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  // Upper case first: ß, ſ and dotless ı have it in common with what they are written as.
  const cased = text.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD');
  return cased
    .replace(MARKS, '')
    .replace(SPECIAL, (letter) => PLAIN[letter])
    .normalize('NFC');
}

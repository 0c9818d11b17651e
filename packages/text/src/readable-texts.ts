import { TowerkitError } from '@towerkit/core';

/** UTF-16 units of a text that are read: far beyond what 256 tokens or a catalog's longest text take. */
const LIMIT = 32_768;

/**
 * The texts as encoders read them: well-formed Unicode (a lone surrogate becomes U+FFFD) of a bounded length.
 *
 * @throws TowerkitError `BAD_TEXT` naming the first row that is no string
 */
export function readableTexts(texts: readonly string[]): string[] {
  if (!Array.isArray(texts))
    throw new TowerkitError('BAD_TEXT', `texts must come as an array of strings, got ${kindOf(texts)}`);
  const out = new Array<string>(texts.length);
  for (let row = 0; row < texts.length; row++) {
    const text: unknown = texts[row];
    if (typeof text !== 'string')
      throw new TowerkitError('BAD_TEXT', `row ${row} is no text but ${kindOf(text)}`, {
        hint: 'decode bytes with the right encoding first, and give an empty text where there is none',
        details: { row },
      });
    out[row] = (text.length > LIMIT ? text.slice(0, LIMIT) : text).replace(/\p{Surrogate}/gu, '\ufffd');
  }
  return out;
}

const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : ArrayBuffer.isView(value)
      ? 'bytes'
      : Array.isArray(value)
        ? 'an array'
        : `${/^[aeiou]/.test(typeof value) ? 'an' : 'a'} ${typeof value}`.replace(
            'an undefined',
            'undefined',
          );

import { badRow, type OnBadRow } from './bad-row.js';
import { TowerkitError } from './errors.js';
import { IdEncoder } from './id-encoder.js';
import { badFile, beginningOf, bytesOf, openInput, type InputFile } from './input-file.js';
import { requireText } from './plain-text.js';
import { LONGEST_ID } from './id.js';

/** The rows of sequence files as dense ids in order of first appearance, file order kept. */
export interface Sequences {
  readonly userNames: string[];
  readonly itemNames: string[];
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** Lines left out because they could not be used. */
  readonly skipped: number;
}

/**
 * Reads files of lines `user item item ...`, separated by white space, a user's items oldest first. LF, CRLF and CR end
 * a line. Empty lines and users without an item are passed over; a user may have several lines.
 *
 * @param items names that take the first item ids
 * @throws TowerkitError what {@link openInput} throws; `BAD_FILE` for what is no text in UTF-8; `BAD_ROW` for a line
 *   with an id that is too long, unless `onBadRow` is `skip`, and for a line without end; `EMPTY_DATA`
 */
export async function readSequences(
  paths: readonly string[],
  items: readonly string[] = [],
  onBadRow: OnBadRow = 'error',
): Promise<Sequences> {
  const users = new IdEncoder();
  const known = new IdEncoder(items);
  const user: number[] = [];
  const item: number[] = [];
  let skipped = 0;
  for (const path of paths) {
    const file = await openInput(path);
    requireText(file, await beginningOf(file));
    let line = 0;
    for await (const bytes of linesOf(file)) {
      line++;
      const words = wordsOf(bytes);
      if (words === undefined) throw badFile(path, `line ${line} is not UTF-8 text`);
      if (typeof words === 'string') {
        if (onBadRow === 'error') throw badRow(file, { line, lines: 1 }, undefined, words);
        skipped++;
      } else if (words.length > 1) {
        const owner = users.idOf(words[0]);
        for (let k = 1; k < words.length; k++) {
          user.push(owner);
          item.push(known.idOf(words[k]));
        }
      }
    }
  }
  if (user.length === 0)
    throw new TowerkitError('EMPTY_DATA', `${paths.join(', ')}: no line of the form 'user item item ...'`);
  return {
    userNames: users.names,
    itemNames: known.names,
    user: Int32Array.from(user),
    item: Int32Array.from(item),
    skipped,
  };
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** The words of a line, or what is wrong with it; undefined where it is not UTF-8. */
function wordsOf(line: Uint8Array): readonly string[] | string | undefined {
  let text: string;
  try {
    text = UTF_8.decode(line);
  } catch {
    return undefined;
  }
  if (text.includes('\0')) return 'it holds a NUL character';
  const words = text.match(/\S+/g) ?? [];
  return words.some((word) => word.length > LONGEST_ID)
    ? `an id is longer than ${LONGEST_ID} characters`
    : words;
}

/** Bytes of the longest line. */
const LONGEST = 16_000_000;
const LF = 10;
const CR = 13;

/** The lines of a text file without their ends. */
async function* linesOf(file: InputFile): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = []; // the beginning of a line that goes on in the next chunk
  let held = 0;
  let line = 1;
  let afterCr = false;
  for await (const chunk of bytesOf(file)) {
    let start = afterCr && chunk[0] === LF ? 1 : 0; // the second byte of a CRLF that a chunk ended in
    let lf = chunk.indexOf(LF, start);
    let cr = chunk.indexOf(CR, start);
    while (lf >= 0 || cr >= 0) {
      const end = lf < 0 || (cr >= 0 && cr < lf) ? cr : lf;
      const own = chunk.subarray(start, end);
      yield held === 0 ? own : Buffer.concat([...rest, own]);
      rest = [];
      held = 0;
      line++;
      start = end + (end === cr && chunk[end + 1] === LF ? 2 : 1);
      if (lf >= 0 && lf < start) lf = chunk.indexOf(LF, start);
      if (cr >= 0 && cr < start) cr = chunk.indexOf(CR, start);
    }
    afterCr = chunk[chunk.length - 1] === CR;
    if (start < chunk.length) {
      rest.push(Uint8Array.from(chunk.subarray(start)));
      held += chunk.length - start;
    }
    if (held > LONGEST)
      throw new TowerkitError(
        'BAD_ROW',
        `${file.name}, line ${line}: the line is longer than ${LONGEST.toLocaleString('en')} bytes`,
        { hint: 'see whether the file is what its name says', details: { file: file.path, line } },
      );
  }
  if (held > 0) yield Buffer.concat(rest);
}

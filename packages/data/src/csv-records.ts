import { TowerkitError } from './errors.js';
import { bytesOf, type InputFile } from './input-file.js';

/** What separates and wraps the values of a delimited file. */
export interface Dialect {
  /** One ASCII character, or one twice. */
  readonly delimiter: string;
  /** One ASCII character, or '' for files that quote nothing. */
  readonly quote: string;
  /** Bytes of the longest record: a longer one is an error, not a record. */
  readonly longest: number;
}

/** How often lines end in each way; line breaks inside quotes are text and do not count. */
export interface LineEnds {
  lf: number;
  crlf: number;
  cr: number;
  /** Whether the last line has no end. */
  open: boolean;
}

/**
 * Called at the end of each record with its number from 0, its first and last line from 1, and the bytes where it starts
 * and ends, its line end left out; returning true stops the walk.
 */
export type VisitRecord = (
  record: number,
  line: number,
  lastLine: number,
  start: number,
  end: number,
) => boolean | void;

const LF = 10;
const CR = 13;
const LINE_FEED = Uint8Array.of(LF);

/**
 * Walks the records of a text file. LF, CRLF and CR end a line, also mixed in one file. A record may span lines, since a
 * quoted value may hold line breaks; an empty line is a record too.
 *
 * @param copy gets the text piece by piece, every line ended by LF and without a byte order mark
 * @throws TowerkitError `BAD_ROW` for a record that is too long, or whose quote never closes
 */
export async function scanRecords(
  file: InputFile,
  { delimiter, quote, longest }: Dialect,
  visit: VisitRecord,
  copy?: (pieces: Uint8Array[]) => Promise<void>,
): Promise<LineEnds> {
  const separator = delimiter.charCodeAt(0);
  const isPair = delimiter.length === 2;
  const wrapper = quote === '' ? -1 : quote.charCodeAt(0);
  const ends = { lf: 0, crlf: 0, cr: 0, open: false };
  let record = 0;
  let line = 1;
  let recordLine = 1;
  let start = 0;
  let offset = 0;
  let quoted = false;
  let afterCr = false;
  let secondAt = -1; // where the second character of a delimiter would stand
  let mayOpen = true; // at the start of a value, or right after a closing quote (a doubled quote reopens)
  for await (const chunk of bytesOf(file)) {
    const pieces: Uint8Array[] = [];
    let copied = offset === 0 && hasMark(chunk) ? MARK.length : 0;
    for (let i = copied; i < chunk.length; i++) {
      const byte = chunk[i];
      if (byte > CR && byte !== wrapper && byte !== separator) {
        afterCr = mayOpen = false;
        continue;
      }
      const ending = byte === CR || byte === LF;
      const second = afterCr && byte === LF; // of a CRLF, whose line ended already
      afterCr = byte === CR;
      if (quoted) {
        if (byte === wrapper) quoted = false;
        mayOpen = byte === wrapper;
        if (ending && !second) line++;
      } else if (second) {
        ends.cr--;
        ends.crlf++;
        start++;
        copied = i + 1;
      } else if (ending) {
        requireLength(file, start, offset + i, longest, recordLine, line);
        if (byte === CR) ends.cr++;
        else ends.lf++;
        if (visit(record, recordLine, line, start, offset + i) === true) return ends;
        record++;
        recordLine = ++line;
        start = offset + i + 1;
        mayOpen = true;
        if (copy) pieces.push(chunk.subarray(copied, i), LINE_FEED);
        copied = i + 1;
      } else if (byte === wrapper && mayOpen) quoted = true;
      else if (byte === separator) {
        // Of two, the second ends a value: one alone is text.
        const at = offset + i;
        mayOpen = !isPair || at === secondAt;
        secondAt = mayOpen ? -1 : at + 1;
      } else mayOpen = false;
    }
    offset += chunk.length;
    if (copy) await copy([...pieces, chunk.subarray(copied)]);
    if (!quoted) requireLength(file, start, offset, longest, recordLine, line);
  }
  if (quoted) throw unclosed(file, recordLine, line);
  ends.open = offset > start;
  if (!ends.open) return ends;
  visit(record, recordLine, line, start, offset);
  await copy?.([LINE_FEED]);
  return ends;
}

/** The byte order mark of UTF-8. */
const MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

/** Whether a text starts with a byte order mark. */
export const hasMark = (text: Uint8Array) => MARK.every((byte, i) => text[i] === byte);

function requireLength(
  file: InputFile,
  start: number,
  end: number,
  longest: number,
  line: number,
  lastLine: number,
): void {
  if (end - start <= longest) return;
  throw unusable(
    file,
    line,
    lastLine - line + 1,
    `the record is longer than ${longest.toLocaleString('en')} bytes`,
    'see whether the file is what its name says, and whether a quote is missing',
  );
}

const unclosed = (file: InputFile, line: number, lastLine: number) =>
  unusable(
    file,
    line,
    lastLine - line + 1,
    'a quote opens and does not close before the end of the file',
    "close the quote, or read the file with quote: '' if its quotes wrap nothing",
  );

/** An error that no `onBadRow: 'skip'` takes away: what follows in the file would be lost with the record. */
function unusable(file: InputFile, line: number, lines: number, reason: string, hint: string): TowerkitError {
  const span = lines > 1 ? `; it spans ${lines.toLocaleString('en')} lines` : '';
  return new TowerkitError('BAD_ROW', `${file.name}, line ${line}: ${reason}${span}`, {
    hint,
    details: { file: file.path, line, lines, reason },
  });
}

/** The values of the first record, or undefined for a file without any. */
export async function firstRecord(
  file: InputFile,
  dialect: Dialect,
  encoding: 'utf-8' | 'latin-1',
): Promise<string[] | undefined> {
  let end = -1;
  await scanRecords(file, dialect, (_record, _line, _lastLine, _start, stop) => {
    end = stop;
    return true;
  });
  if (end < 0) return undefined;
  const bytes = new Uint8Array(end);
  let filled = 0;
  for await (const chunk of bytesOf(file)) {
    const part = chunk.subarray(0, end - filled);
    bytes.set(part, filled);
    filled += part.length;
    if (filled === end) break;
  }
  return valuesOf(new TextDecoder(encoding === 'utf-8' ? 'utf-8' : 'latin1').decode(bytes), dialect);
}

/** The values of one record. */
export function valuesOf(text: string, { delimiter, quote }: Dialect): string[] {
  const values: string[] = [];
  for (let at = 0; at <= text.length; at++) {
    let value = '';
    if (quote !== '' && text[at] === quote) {
      for (at++; at < text.length; at++) {
        if (text[at] !== quote) value += text[at];
        else if (text[at + 1] === quote) value += text[at++];
        else break;
      }
      at++;
    }
    const end = text.indexOf(delimiter, at);
    value += text.slice(at, end < 0 ? text.length : end);
    values.push(value);
    at = end < 0 ? text.length : end + delimiter.length - 1;
  }
  return values;
}

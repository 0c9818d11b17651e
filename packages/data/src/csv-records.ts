import { bytesOf, type InputFile } from './input-file.js';

/** What separates and wraps the values of a delimited file. */
export interface Dialect {
  /** One ASCII character. */
  readonly delimiter: string;
  /** One ASCII character, or '' for files that quote nothing. */
  readonly quote: string;
}

const LF = 10;
const CR = 13;

/**
 * Walks the records of a delimited file. A record may span lines, since a quoted value may hold line breaks; an
 * empty line is a record too.
 *
 * @param visit called at the end of each record with its number from 0, the line it starts on from 1, the byte
 *   where it starts, the byte where it ends, and whether it is an empty line; returning true stops the walk
 */
export async function scanRecords(
  file: InputFile,
  { delimiter, quote }: Dialect,
  visit: (record: number, line: number, start: number, end: number, blank: boolean) => boolean | void,
): Promise<void> {
  const separator = delimiter.charCodeAt(0);
  const wrapper = quote === '' ? -1 : quote.charCodeAt(0);
  let record = 0;
  let line = 1;
  let recordLine = 1;
  let start = 0;
  let offset = 0;
  let quoted = false;
  let mayOpen = true; // at the start of a value, or right after a closing quote (a doubled quote reopens)
  let onlyCr = true;
  for await (const chunk of bytesOf(file)) {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (byte === LF) line++;
      if (quoted) {
        if (byte === wrapper) quoted = false;
        continue;
      }
      if (byte === LF) {
        if (visit(record, recordLine, start, offset + i, onlyCr) === true) return;
        record++;
        recordLine = line;
        start = offset + i + 1;
        mayOpen = onlyCr = true;
        continue;
      }
      if (byte === wrapper && mayOpen) quoted = true;
      else mayOpen = byte === separator;
      if (byte !== CR) onlyCr = false;
    }
    offset += chunk.length;
  }
  if (offset > start) visit(record, recordLine, start, offset, onlyCr);
}

/** The values of the first record, or undefined for a file without any. */
export async function firstRecord(
  file: InputFile,
  dialect: Dialect,
  encoding: 'utf-8' | 'latin-1',
): Promise<string[] | undefined> {
  let end = -1;
  await scanRecords(file, dialect, (_record, _line, _start, stop) => {
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
export function valuesOf(record: string, { delimiter, quote }: Dialect): string[] {
  const text = record.replace(/\r$/, '');
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
    at = end < 0 ? text.length : end;
  }
  return values;
}

import type { RecordFormat } from '@towerkit/data';
import { bytesOf, requireText, type InputFile } from '@towerkit/data/internal';

import { TowerkitError } from '../errors.js';
import { delimiterOf } from './delimiters.js';
import { decode } from './encodings.js';
import { hasHeader } from './header.js';
import { isJsonLines } from './json-text.js';
import { areSequences } from './sequences.js';

/** How a file stores its rows, told from its bytes. */
export interface Layout extends RecordFormat {
  readonly format: NonNullable<RecordFormat['format']>;
  /** What is odd about its text, such as lines in two encodings. */
  readonly oddities: readonly string[];
}

/** Bytes that a file is judged by. */
const LOOKED_AT = 1 << 19;
/** Records that a file is judged by. */
const RECORDS = 2000;

/** First bytes of images. */
const IMAGES = [
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46, 0x38],
  [0x52, 0x49, 0x46, 0x46],
];

/**
 * How a file stores its rows, told by its contents: its name says nothing here.
 *
 * @throws TowerkitError `EMPTY_DATA` for a file without bytes, `BAD_FILE` for what is no table, `UNKNOWN_FORMAT` for text
 *   whose values nothing separates
 */
export async function sniff(file: InputFile): Promise<Layout> {
  const bytes = await beginning(file);
  if (bytes.length === 0 || /^\s*$/.test(new TextDecoder('latin1').decode(bytes)))
    throw new TowerkitError('EMPTY_DATA', `${file.name} is empty`, {
      hint: 'give a file with a row for each interaction',
      details: { file: file.path },
    });
  const starts = (magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (starts([0x50, 0x41, 0x52, 0x31])) return { format: 'parquet', oddities: [] };
  if (IMAGES.some(starts))
    throw new TowerkitError('BAD_FILE', `${file.name} is an image, not a table`, {
      hint: 'images become vectors by `towerkit embed-images`; give the file of interactions here',
      details: { file: file.path },
    });
  requireText(file, bytes.subarray(0, 1024));
  const whole = bytes.length < LOOKED_AT;
  const { text, encoding, oddities } = decode(bytes, whole);
  return layoutOf(file.name, whole ? text : text.slice(0, lastLine(text)), encoding, oddities);
}

/** How a text stores its rows. */
export function layoutOf(
  name: string,
  text: string,
  encoding: Layout['encoding'],
  oddities: readonly string[],
): Layout {
  if (isJsonLines(name, text)) return { format: 'jsonl', oddities };
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  requireNoRemarks(name, lines);
  const some = lines.slice(0, RECORDS);
  if (!some.some((line) => /[,;|]/.test(line)) && areSequences(some))
    return { format: 'sequences', oddities };
  const found = delimiterOf(some.join('\n'));
  if (!found) {
    if (areUneven(some))
      throw new TowerkitError('UNKNOWN_FORMAT', `the lines of ${name} have different numbers of values`, {
        hint: 'a table has as many values in each line; a file of sequences has lines `user item item ...` with spaces between',
        details: { file: name },
      });
    return table(
      { delimiter: ',', quote: '"', records: some.map((line) => [line]), even: 1 },
      encoding,
      oddities,
    );
  }
  return table(found, encoding, oddities);
}

/** A line of remarks before the rows, which have what separates values where it has nothing. */
function requireNoRemarks(name: string, lines: readonly string[]): void {
  const [first] = lines;
  const separates = (line: string) => /[,;|\t]/.test(line);
  if (!first.startsWith('#') || separates(first) || !separates(lines[lines.length - 1])) return;
  throw new TowerkitError(
    'UNKNOWN_FORMAT',
    `${name} begins with a line that is no row: ${first.slice(0, 60)}`,
    {
      hint: `leave such lines out: grep -v '^#' ${name} > rows-of-${name}`,
      details: { file: name },
    },
  );
}

function table(
  { delimiter, quote, records }: NonNullable<ReturnType<typeof delimiterOf>>,
  encoding: Layout['encoding'],
  oddities: readonly string[],
): Layout {
  const header = hasHeader(records.slice(0, 200));
  const width = Math.max(...records.slice(0, 200).map(({ length }) => length));
  const names = header ? records[0].map((name) => name) : [];
  const clash =
    new Set(names.filter((name) => name !== '')).size < names.filter((name) => name !== '').length;
  return {
    format: delimiter === '\t' ? 'tsv' : 'csv',
    ...(delimiter !== ',' && delimiter !== '\t' && { delimiter }),
    ...(quote === '' && { quote }),
    ...(encoding === 'latin-1' && { encoding }),
    ...(header && (clash || names.includes(''))
      ? { header: true, columnNames: distinct(names) }
      : header
        ? {}
        : { header: false, columnNames: Array.from({ length: width }, (_, i) => `column ${i + 1}`) }),
    oddities: clash ? [...oddities, 'two columns have the same name'] : oddities,
  };
}

/** Names without repeats and gaps. */
function distinct(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name, i) => {
    let own = name.trim() === '' ? `column ${i + 1}` : name;
    while (seen.has(own)) own = `${own} ${i + 1}`;
    seen.add(own);
    return own;
  });
}

/** Lines with several values each, as commas and semicolons say, and no common number of them. */
const areUneven = (lines: readonly string[]) =>
  lines.length > 1 && lines.filter((line) => /[,;\t|]/.test(line)).length >= 0.8 * lines.length;

async function beginning(file: InputFile): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bytesOf(file)) {
    pieces.push(piece);
    size += piece.length;
    if (size >= LOOKED_AT) break;
  }
  return Buffer.concat(pieces).subarray(0, LOOKED_AT);
}

const lastLine = (text: string) =>
  Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1 || text.length;

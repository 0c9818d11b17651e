import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hasMark, scanRecords, type Dialect } from './csv-records.js';
import { TowerkitError } from './errors.js';
import { badFile, beginningOf, type InputFile } from './input-file.js';

/** A text file whose lines all end alike, for a reader that takes no others; `close` removes the copy, if it is one. */
export interface PlainText {
  readonly file: InputFile;
  /** Whether a record spans several lines. */
  readonly multiline: boolean;
  close(): Promise<void>;
}

/**
 * Looks through a text file before DuckDB reads it: DuckDB gives up where lines end in several ways, and takes all that
 * follows a quote that never closes for one value. A file that mixes line ends, ends lines with CR or starts with a byte
 * order mark is copied to the temporary folder with LF alone.
 *
 * @param ended whether the last line must have an end: without one DuckDB's threads now and then put the last row of JSON
 *   lines first
 * @throws TowerkitError `BAD_FILE` for what is no text; what {@link scanRecords} throws; `UNWRITABLE`
 */
export async function plainText(file: InputFile, dialect: Dialect, ended: boolean): Promise<PlainText> {
  const beginning = await beginningOf(file);
  requireText(file, beginning);
  let multiline = false;
  const {
    lf,
    crlf,
    cr,
    open: unended,
  } = await scanRecords(file, dialect, (_record, line, lastLine) => {
    if (lastLine > line) multiline = true;
  });
  const plain = cr === 0 && (lf === 0 || crlf === 0) && !hasMark(beginning) && !(ended && unended);
  if (plain) return { file, multiline, close: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-text-'));
  const close = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'plain');
  try {
    const copy = await open(path, 'wx');
    await scanRecords(
      file,
      dialect,
      () => undefined,
      (pieces) => copy.writeFile(Buffer.concat(pieces)),
    ).finally(() => copy.close());
  } catch (cause) {
    await close();
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
    const what = (cause as Error).message;
    throw new TowerkitError('UNWRITABLE', `cannot copy ${file.name} to the temporary folder: ${what}`, {
      hint: 'free space there, or end all lines of the file alike, with LF and without a byte order mark',
      details: { path, file: file.path },
      cause,
    });
  }
  return { file: { ...file, path, compression: 'none' }, multiline, close };
}

/** First bytes of files that are named like text now and then, and what they are. */
const OTHERS: readonly [bytes: readonly number[], what: string][] = [
  [[0xff, 0xfe], 'it is UTF-16 text'],
  [[0xfe, 0xff], 'it is UTF-16 text'],
  [[0x50, 0x4b, 0x03, 0x04], 'it is a ZIP archive, such as an Excel workbook'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'it is an Excel workbook or another Office document'],
  [[0x50, 0x41, 0x52, 0x31], 'it is a Parquet file'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'it is compressed with Zstandard'],
  [[0x42, 0x5a, 0x68], 'it is compressed with bzip2'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'it is compressed with xz'],
];

/** Refuses what is no text by its first bytes. */
export function requireText(file: InputFile, beginning: Uint8Array): void {
  const other = OTHERS.find(([bytes]) => bytes.every((byte, i) => beginning[i] === byte))?.[1];
  const what = other ?? (beginning.includes(0) ? 'it holds NUL bytes, so it is no text in UTF-8' : undefined);
  if (what === undefined) return;
  throw badFile(file.path, what, undefined, 'save it as text in UTF-8, plain or gzip, or say its format');
}

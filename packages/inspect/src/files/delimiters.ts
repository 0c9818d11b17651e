import { valuesOf } from '@towerkit/data/internal';

/** Separators of values that are looked for; of two that fit alike the first is taken. */
export const DELIMITERS = ['\t', ';', '|', '::', ',', ' '] as const;

/** How the records of a text are separated. */
export interface Delimited {
  readonly delimiter: string;
  readonly quote: '"' | '';
  readonly records: readonly (readonly string[])[];
  /** Share of the records that have as many values as most have. */
  readonly even: number;
}

/** Share of even records from which a text counts as a table. */
const EVEN = 0.9;

/**
 * What separates the values of a text: under which most records have the same number of values, the most of them. A
 * space counts only where nothing else does, since texts and times have spaces.
 *
 * @param text whole lines
 * @returns undefined for a text without several values a record
 */
export function delimiterOf(text: string): Delimited | undefined {
  let best: { found: Delimited; values: number } | undefined;
  for (const delimiter of DELIMITERS) {
    if (delimiter === ' ' && best) break;
    const records = recordsOf(text, delimiter, '"') ?? recordsOf(text, delimiter, '');
    if (!records) continue;
    const found = { delimiter, ...records, even: 0 };
    const [values, even] = commonWidth(found.records);
    if (values < 2 || even < EVEN) continue;
    if (!best || values > best.values) best = { found: { ...found, even }, values };
  }
  return best?.found;
}

/** The most common number of values, and the share of records that have it, empty values at the end aside. */
function commonWidth(records: readonly (readonly string[])[]): [width: number, share: number] {
  const counts = new Map<number, number>();
  for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [width, count] = [...counts].sort(([a, n], [b, m]) => m - n || b - a)[0] ?? [0, 0];
  return [width, records.length === 0 ? 0 : count / records.length];
}

/** Lines that a quoted value may span while it is looked for. */
const SPAN = 50;

/** The records of a text, or undefined where quotes do not close. */
export function recordsOf(
  text: string,
  delimiter: string,
  quote: '"' | '',
): Pick<Delimited, 'records' | 'quote'> | undefined {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line !== '');
  const records: string[][] = [];
  for (let i = 0; i < lines.length; i++) {
    let record = lines[i];
    let span = 1;
    while (quote !== '' && isOpen(record, delimiter) && span < SPAN && i + 1 < lines.length) {
      record += `\n${lines[++i]}`;
      span++;
    }
    if (quote !== '' && isOpen(record, delimiter)) {
      if (i + 1 === lines.length && records.length > 0 && span < SPAN) break; // cut off where the sample ends
      return undefined;
    }
    records.push(valuesOf(record, { delimiter, quote, longest: Infinity }));
  }
  return { records, quote };
}

/** Whether a quote opens a value of a record and does not close. */
export function isOpen(record: string, delimiter: string): boolean {
  let open = false;
  let mayOpen = true;
  for (let i = 0; i < record.length; i++) {
    if (open) {
      if (record[i] !== '"') continue;
      open = false;
      mayOpen = true; // a doubled quote opens again
    } else if (record[i] === '"' && mayOpen) open = true;
    else if (record.startsWith(delimiter, i)) {
      mayOpen = true;
      i += delimiter.length - 1;
    } else mayOpen = false;
  }
  return open;
}

/** A value of a config as it is written: text as it stands, or keys with values and remarks. */
export type Written = string | readonly Entry[];

/** A key, its value, and what is said behind it. */
export type Entry = readonly [key: string, value: Written, remark?: string];

/** Characters of a line. */
const WIDE = 120;

/** Keys and values as the inside of an object literal. */
export function print(entries: readonly Entry[], indent = '  '): string {
  return entries.map((entry) => printEntry(entry, indent)).join('\n');
}

function printEntry([key, value, remark]: Entry, indent: string): string {
  const name = propertyName(key);
  const said = remark ? ` // ${remark.replace(/\s+/g, ' ')}` : '';
  const line = `${indent}${name}: ${inline(value)},${said}`;
  if (typeof value === 'string') return line;
  const flat = value.every(([, , inner]) => inner === undefined);
  if (flat && line.length <= WIDE) return line;
  return `${indent}${name}: {${said}\n${print(value, `${indent}  `)}\n${indent}},`;
}

const inline = (value: Written): string =>
  typeof value === 'string'
    ? value
    : value.length === 0
      ? '{}'
      : `{ ${value.map(([key, inner]) => `${propertyName(key)}: ${inline(inner)}`).join(', ')} }`;

/** A name as a key of an object literal. */
export const propertyName = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

/** Text as a literal. */
export const quoted = (text: string): string =>
  `'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;

/** Texts as a literal. */
export const quotedList = (texts: readonly string[]): string => `[${texts.map(quoted).join(', ')}]`;

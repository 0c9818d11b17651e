/** The dates that {@link secondsOf} reads, for messages. */
export const DATES = 'dates look like 2024-03-01, 2024-03-01T10:00 or 2024-03-01 10:00:00.5+02:00';

/** Date, time, and hours and minutes of the zone, each a group. */
const ISO_8601 =
  String.raw`^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)` +
  String.raw`(?:[Zz]|([+-](?:[01]\d|2[0-3]))(?::?([0-5]\d))?)?)?$`;

/**
 * SQL for the seconds since 1970 of a date as ISO 8601 writes it in full, null for any other text. DuckDB's own reading
 * of zones takes names such as `EST`, whose rows it then carries over to the next ones: only date and time are left to it,
 * the offset is counted here. Without a zone it is UTC.
 *
 * @param text an expression for a trimmed text
 */
export function secondsOf(text: string): string {
  const part = (group: number) => `regexp_extract(${text}, '${ISO_8601}', ${group})`;
  const local = `epoch(try_cast(concat_ws(' ', ${part(1)}, nullif(replace(${part(2)}, ',', '.'), '')) AS TIMESTAMP))`;
  const hours = `coalesce(try_cast(${part(3)} AS INTEGER), 0)`;
  const minutes = `coalesce(try_cast(${part(4)} AS INTEGER), 0)`;
  const west = `starts_with(${part(3)}, '-')`;
  return `(${local} - 3600 * ${hours} - CASE WHEN ${west} THEN -60 ELSE 60 END * ${minutes})`;
}

/**
 * Seconds since 1970 of a date in the same forms, `undefined` for any other text.
 *
 * @example
 * ```ts
 * dateOf('2024-03-01T01:00+01:00'); // 1709251200
 * ```
 */
export function dateOf(text: string): number | undefined {
  const [, date, time = '00:00', hours = '+00', minutes = '0'] = PATTERN.exec(text.trim()) ?? [];
  if (date === undefined) return undefined;
  const local = Date.parse(`${date}T${time.replace(',', '.')}Z`);
  // JavaScript takes the 30th of February for the first of March.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(date)) return undefined;
  const west = hours.startsWith('-') ? -1 : 1;
  return local / 1000 - 3600 * Number(hours) - 60 * west * Number(minutes);
}

const PATTERN = new RegExp(ISO_8601);

/**
 * The text of each row: its columns, those that are missing or blank left out, joined as sentences.
 *
 * @param columns values row by row, each [rows]
 */
export function textsOf(columns: readonly ArrayLike<unknown>[]): string[] {
  const rows = columns[0]?.length ?? 0;
  return Array.from({ length: rows }, (_, row) =>
    columns
      .flatMap((column) => {
        const value = column[row];
        return value === null || value === undefined || Number.isNaN(value) ? [] : String(value).trim() || [];
      })
      .join('. '),
  );
}

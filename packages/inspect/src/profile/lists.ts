/** How many values a column of lists must hold several names in. */
const SEVERAL = 0.15;
/** The same where the names are few beside the cells that they make up. */
const SOME = 0.03;
/** Different names, of the different cells, that a column of lists has at most. */
const FEW = 0.6;
/** Characters of a name, at most on average. */
const SHORT = 30;

/** Separators of names in a cell, by how surely they separate. */
const SEPARATORS = ['|', ';', ', ', ',', '/'] as const;

/**
 * What separates the names of a column whose cells hold several: names that come again in other cells.
 *
 * @param values not empty
 * @returns undefined for a column of something else
 */
export function listOf(values: readonly string[]): { separator: string; names: number } | undefined {
  if (values.length === 0) return undefined;
  const arrays = values.filter((value) => value.startsWith('[') && value.endsWith(']'));
  if (arrays.length > 0.95 * values.length) {
    const names = new Set(
      arrays.flatMap((value) =>
        value
          .slice(1, -1)
          .split(',')
          .map((name) => name.trim()),
      ),
    );
    return { separator: '|', names: names.size }; // JSON is read whatever the separator
  }
  const cells = new Set(values);
  for (const separator of SEPARATORS) {
    const several = values.filter((value) => value.includes(separator));
    if (several.length < SOME * values.length) continue;
    const split = [...cells].flatMap((value) => value.split(separator).map((name) => name.trim()));
    const names = new Set(split);
    if (several.length < SEVERAL * values.length && names.size > cells.size / 3) continue;
    const length = split.reduce((sum, name) => sum + name.length, 0) / split.length;
    if (length > SHORT || split.length < 2 * names.size) continue;
    if (names.size > FEW * cells.size && cells.size > 8) continue;
    return { separator, names: names.size };
  }
  return undefined;
}

/** The plain values of a cell that is a JSON array, however deep they stand, as text. */
export function leavesOf(cell: string): string[] {
  const walk = (value: unknown): string[] =>
    typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(walk)
      : value === null
        ? []
        : [String(value)];
  return walk(parsed(cell));
}

/** Cells that are looked at for the keys of objects. */
const CELLS = 200;

/** Keys of the objects that cells of JSON arrays hold, those of plain values; undefined for arrays of something else. */
export function objectKeys(cells: readonly string[]): string[] | undefined {
  const elements = cells
    .slice(0, CELLS)
    .flatMap((cell) => parsed(cell))
    .filter((element): element is object => typeof element === 'object' && element !== null);
  const keys = new Set(
    elements.flatMap((element) =>
      Object.entries(element).flatMap(([key, value]) => (typeof value === 'object' ? [] : [key])),
    ),
  );
  return keys.size > 0 ? [...keys] : undefined;
}

function parsed(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return undefined;
  }
}

/** Share of the lines, or of the words, that decides. */
const MOST = 0.9;

/**
 * Whether lines are `user item item ...`: words of one form with white space between, lines of several lengths that start
 * with a word of their own, and items that come again in other lines.
 *
 * @param lines not empty
 */
export function areSequences(lines: readonly string[]): boolean {
  const words = lines.map((line) => line.split(/\s+/).filter((word) => word !== ''));
  if (words.length === 0) return false;
  const several = words.filter(({ length }) => length > 1).length / words.length;
  if (several < 0.8) return false;
  const all = words.flat();
  const plain = all.filter((word) => /^\d+$/.test(word)).length / all.length;
  const coded = all.filter((word) => /^[\w-]*\d[\w-]*$/.test(word)).length / all.length;
  if (plain < MOST && coded < MOST) return false;
  const first = words.map(([word]) => word);
  if (new Set(first).size < MOST * first.length) return false;
  const items = words.flatMap(([, ...rest]) => rest);
  const lengths = new Map<number, number>();
  for (const { length } of words) lengths.set(length, (lengths.get(length) ?? 0) + 1);
  const even = Math.max(...lengths.values()) / words.length;
  if (even < MOST) return words.length > 2 || items.length > 3;
  return shareVocabulary(words);
}

/** Whether the columns behind the first hold the same words, as items of equally long lines do and columns of a table do not. */
function shareVocabulary(words: readonly (readonly string[])[]): boolean {
  const width = Math.min(...words.map(({ length }) => length));
  if (width < 4 || words.length < 10) return false;
  const columns = Array.from({ length: width - 1 }, (_, i) => new Set(words.map((line) => line[i + 1])));
  const inOthers = columns.map((own, i) => {
    const others = new Set(columns.flatMap((other, j) => (i === j ? [] : [...other])));
    return [...own].filter((word) => others.has(word)).length / own.size;
  });
  const numbers = columns.every(({ size }) => size > 10);
  return numbers && inOthers.every((share) => share > 0.6);
}

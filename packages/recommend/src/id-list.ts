/**
 * Ids as a flag or a parameter gives them, so that any id can be said:
 *
 * - given several times, each is one id as it stands: `--history A --history 'B,C'`; empty ones are left out;
 * - given once, a JSON array: `--history '["B,C"]'`;
 * - given once, anything else is ids separated by commas, blanks around them left out: `--history A,B`.
 *
 * @param given what stands behind the flag, each time it was given
 * @returns the ids; values of a JSON array as they are: what is no text is for the caller to refuse
 * @example
 * ```ts
 * idList(['a, b']); // ['a', 'b']
 * idList(['a', 'b,c']); // ['a', 'b,c']
 * idList(['["b,c"]']); // ['b,c']
 * ```
 */
export function idList(given: readonly string[]): unknown[] {
  if (given.length !== 1) return given.filter((id) => id !== '');
  const [text] = given;
  if (/^\s*\[/.test(text))
    try {
      const list: unknown = JSON.parse(text);
      if (Array.isArray(list)) return list;
    } catch {
      // ids that happen to begin with a bracket
    }
  return text.split(',').flatMap((id) => id.trim() || []);
}

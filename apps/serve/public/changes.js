/**
 * What became of a list since the question before: for each item of the new one how far it rose (`Infinity` where it is new),
 * and the items that left.
 *
 * @param {{items: object[]} | undefined} before
 * @param {{items: object[]}} now
 */
export function changesOf(before, now) {
  if (!before) return undefined;
  const places = new Map(before.items.map(({ id }, place) => [id, place]));
  const ids = new Set(now.items.map(({ id }) => id));
  return {
    rose: new Map(now.items.map(({ id }, place) => [id, (places.get(id) ?? Infinity) - place])),
    left: before.items.filter(({ id }) => !ids.has(id)),
  };
}

/** A change of place in words, and as a sign. */
export function changeOf(rose) {
  if (rose === Infinity) return { sign: 'new', words: 'new in this list' };
  if (rose > 0) return { sign: `▲ ${rose}`, words: `up ${rose}` };
  if (rose < 0) return { sign: `▼ ${-rose}`, words: `down ${-rose}` };
  return undefined;
}

import { TowerkitError } from '@towerkit/core';

/**
 * Whether these are ids, each once.
 *
 * @throws TowerkitError `BAD_ID`, `DUPLICATE_ID`
 */
export function checkIds(ids: ArrayLike<number>): void {
  if (typeof ids?.length !== 'number') throw badId(ids);
  let ascending = true;
  for (let i = 0; i < ids.length; i++) {
    if (!Number.isSafeInteger(ids[i]) || ids[i] < 0) throw badId(ids[i]);
    ascending &&= i === 0 || ids[i] > ids[i - 1];
  }
  if (ascending) return;
  const seen = new Set<number>();
  for (let i = 0; i < ids.length; i++) {
    if (seen.has(ids[i]))
      throw new TowerkitError('DUPLICATE_ID', `id ${ids[i]} comes twice in one call`, {
        details: { id: ids[i] },
      });
    seen.add(ids[i]);
  }
}

/** The ids of a build: those given, checked, or 0, 1, 2, ... */
export function idsOf(ids: ArrayLike<number> | undefined, rows: number): Float64Array {
  if (ids === undefined) return Float64Array.from({ length: rows }, (_, row) => row);
  checkIds(ids);
  if (ids.length !== rows)
    throw new TowerkitError('SHAPE_MISMATCH', `${ids.length} ids for ${rows} vectors`, {
      hint: 'give one id for each row',
    });
  return Float64Array.from(ids);
}

/** @throws TowerkitError `UNKNOWN_ID` */
export const unknownId = (id: number) =>
  new TowerkitError('UNKNOWN_ID', `there is no item ${id}`, {
    hint: 'nothing was removed',
    details: { id },
  });

const badId = (id: unknown) =>
  new TowerkitError('BAD_ID', `an id must be a non-negative safe integer, got ${String(id)}`, {
    hint: 'map other ids with the Vocabulary of @towerkit/core',
    details: { id },
  });

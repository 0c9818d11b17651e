import { TowerkitError } from './errors.js';
import type { InteractionLog } from './interaction-log.js';
import type { Catalog } from './read-catalog.js';

/** How a catalog and the interactions fit together. */
export interface CatalogOverlap {
  /** Items with interactions that have no row in the catalog. */
  readonly withoutRow: number;
  /** Rows of the catalog whose item has no interaction. */
  readonly withoutInteractions: number;
}

/**
 * Counts the items that catalog and interactions do not share.
 *
 * @throws TowerkitError `NO_OVERLAP` where they share none: their ids are of two kinds
 */
export function requireOverlap(
  { items, item }: Pick<InteractionLog, 'items' | 'item'>,
  catalog: Pick<Catalog, 'items'>,
): CatalogOverlap {
  const taken = new Set(item);
  let withoutRow = 0;
  for (const id of taken) if (catalog.items.indexOf(items.nameOf(id)) === undefined) withoutRow++;
  const shared = taken.size - withoutRow;
  if (shared === 0 && taken.size > 0)
    throw new TowerkitError(
      'NO_OVERLAP',
      `none of the ${taken.size} items with interactions is among the ${catalog.items.size} of the catalog`,
      {
        hint: `see that both use the same ids: interactions have "${items.nameOf(item[0])}", the catalog "${catalog.items.nameOf(0)}"`,
        details: { items: taken.size, catalog: catalog.items.size },
      },
    );
  return { withoutRow, withoutInteractions: catalog.items.size - shared };
}

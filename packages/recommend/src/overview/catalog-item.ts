import { nameOf } from '../answer.js';
import { TowerkitError } from '../errors.js';
import type { ArtifactTables } from '../trial/tables.js';

/** An item with all that the catalog has of it; `attributes` are the columns beside id, title and `training_count`. */
export function catalogItem(
  tables: Pick<ArtifactTables, 'items' | 'titles' | 'catalog' | 'counts'>,
  item: number,
) {
  const attributes = Object.fromEntries(
    Object.entries(tables.catalog).flatMap(([name, values]) =>
      ['id', 'title', 'training_count'].includes(name) ? [] : [[name, values[item]]],
    ),
  );
  return { ...nameOf(tables, item), training_count: tables.counts[item], attributes };
}

/**
 * Dense id of an item.
 *
 * @param model its name, for the message
 * @throws TowerkitError `UNKNOWN_ITEM`
 */
export function itemOfId({ items }: Pick<ArtifactTables, 'items'>, id: string, model: string): number {
  const item = items.indexOf(id);
  if (item !== undefined) return item;
  throw new TowerkitError('UNKNOWN_ITEM', `the model ${model} does not know the item ${JSON.stringify(id)}`, {
    hint: 'GET /v1/items?q=... finds items by their titles',
  });
}

/** The item of exactly that id, or of the id without the spaces around it, if there is one. */
export function itemsOfId({ items }: Pick<ArtifactTables, 'items'>, id: string): number[] {
  const item = items.indexOf(id) ?? items.indexOf(id.trim());
  return item === undefined ? [] : [item];
}

import { TowerkitError } from '@towerkit/core';

import type { ServedModel } from './served-model.js';

/** Dense ids of items, and those the model does not know. */
export function denseIds({ items }: Pick<ServedModel, 'items'>, ids: readonly string[]) {
  const known: number[] = [];
  const unknown: string[] = [];
  for (const id of ids) {
    const item = items.indexOf(id);
    if (item === undefined) unknown.push(id);
    else known.push(item);
  }
  return { known, unknown };
}

/** @throws TowerkitError `UNKNOWN_ITEM` */
export function denseId(model: Pick<ServedModel, 'items' | 'name'>, id: string): number {
  const item = model.items.indexOf(id);
  if (item !== undefined) return item;
  throw new TowerkitError(
    'UNKNOWN_ITEM',
    `the model ${model.name} does not know the item ${JSON.stringify(id)}`,
    {
      hint: 'GET /v1/items?q=... finds items by their titles',
    },
  );
}

import { addItems } from '../artifact/add-items.js';
import { Console } from '../report/console.js';

/** Flags of `towerkit add-items`. */
export interface AddItemsFlags {
  readonly artifact: string;
  readonly items: string;
  readonly models?: string;
  readonly onBadRow?: 'error' | 'skip';
  readonly json?: boolean;
}

export async function addItemsCommand({ json, ...flags }: AddItemsFlags): Promise<number> {
  const out = new Console(json === true);
  const { added, items, skipped, idDropout } = await addItems(flags);
  if (idDropout === 0)
    out.note('this model never saw an item without its id: what it makes of new ones is a guess (idDropout)');
  const left = skipped > 0 ? `; ${skipped} rows left out` : '';
  out.show(`${added} items added to ${flags.artifact}, which has ${items} now${left}`);
  out.result({ artifact: flags.artifact, added, items, skipped });
  return 0;
}

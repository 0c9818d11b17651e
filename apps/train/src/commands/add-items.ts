import { addItems } from '@towerkit/pipeline';
import { Console } from '../report/console.js';
import { describeSpan, describeUnseen } from '../report/data.js';

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
  const { added, items, skipped, spanned, unseen, idDropout, index } = await addItems(flags);
  if (idDropout === 0)
    out.note('this model was trained without idDropout, so its vectors of new items are a guess');
  if (index === 'removed')
    out.note(
      'the index in the database lacks these items and is no longer used: build it again with `towerkit index`',
    );
  if (spanned) out.note(describeSpan(spanned));
  for (const line of describeUnseen(unseen, added)) out.note(line);
  const left = skipped > 0 ? `; ${skipped} rows left out` : '';
  out.show(
    `${added} items added to ${flags.artifact}, which has ${items} now${left}${index === 'updated' ? '; its index has them too' : ''}`,
  );
  out.result({ artifact: flags.artifact, added, items, skipped, ...(spanned && { spanned }), unseen, index });
  return 0;
}

import { TowerkitError } from '@towerkit/core';
import { addItems } from '@towerkit/pipeline';

import { namedFiles } from './named-files.js';
import { Console } from '../report/console.js';
import { describeSpan, describeUnseen } from '../report/data.js';

/** Flags of `towerkit add-items`. */
export interface AddItemsFlags {
  readonly artifact: string;
  readonly items: string;
  /** Files of vectors by feature, and of their ids, `name=file` each. */
  readonly vectors?: readonly string[];
  readonly vectorIds?: readonly string[];
  readonly models?: string;
  readonly onBadRow?: 'error' | 'skip';
  readonly json?: boolean;
}

export async function addItemsCommand({
  json,
  vectors,
  vectorIds,
  ...flags
}: AddItemsFlags): Promise<number> {
  const out = new Console(json === true);
  const files = vectorFiles(vectors ?? [], vectorIds ?? []);
  const {
    added,
    items,
    skipped,
    spanned,
    unseen,
    withoutVector = {},
    idDropout,
    index,
  } = await addItems({
    ...flags,
    vectors: files,
  });
  if (idDropout === 0)
    out.note('this model was trained without idDropout, so its vectors of new items are a guess');
  if (index === 'removed')
    out.note(
      'the index in the database lacks these items and is no longer used: build it again with `towerkit index`',
    );
  if (spanned) out.note(describeSpan(spanned));
  for (const line of describeUnseen(unseen, added)) out.note(line);
  for (const [name, count] of Object.entries(withoutVector))
    if (count > 0) out.note(`${name}: ${count} of ${added} items have no vector`);
  const left = skipped > 0 ? `; ${skipped} rows left out` : '';
  out.show(
    `${added} items added to ${flags.artifact}, which has ${items} now${left}${index === 'updated' ? '; its index has them too' : ''}`,
  );
  out.result({
    ...{ artifact: flags.artifact, added, items, skipped, ...(spanned && { spanned }), unseen, index },
    ...(Object.keys(withoutVector).length > 0 && { without_vector: withoutVector }),
  });
  return 0;
}

/** Files of vectors by feature. @throws TowerkitError `BAD_USAGE` */
function vectorFiles(vectors: readonly string[], ids: readonly string[]) {
  const files = namedFiles('--vectors', vectors);
  const idFiles = namedFiles('--vector-ids', ids);
  const stray = Object.keys(idFiles).find((name) => !Object.hasOwn(files, name));
  if (stray !== undefined)
    throw new TowerkitError('BAD_USAGE', `--vector-ids ${stray}=...: --vectors names no file of ${stray}`);
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [
      name,
      { file, ...(Object.hasOwn(idFiles, name) && { ids: idFiles[name] }) },
    ]),
  );
}

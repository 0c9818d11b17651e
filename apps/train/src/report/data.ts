import type { Leakage, SpannedLines } from '@towerkit/data';
import type { AddedItems, Prepared } from '@towerkit/pipeline';

import { describeFeedback, feedbackOf } from './feedback.js';
import { grouped } from './tables.js';
import { describeVectors, vectorsResult } from './vectors.js';

/** What the data is, and what was left out of it. */
export function describeData(prepared: Prepared): string {
  const { dataset, log, overlap, users, vectors, dropped, split, targets } = prepared;
  const feedback = feedbackOf(prepared);
  const rows = [
    `${dataset.name}: ${grouped(log.users.size)} users, ${grouped(log.items.size)} items, ${grouped(log.user.length)} interactions`,
    `${grouped(split.train.entries)} rows to train on, ${grouped(targets.entries)} validation targets`,
    ...(feedback ? describeFeedback(feedback) : []),
  ];
  if (overlap && (overlap.withoutRow > 0 || overlap.withoutInteractions > 0))
    rows.push(
      `catalog: ${grouped(overlap.withoutRow)} items with interactions have no row in it, ` +
        `${grouped(overlap.withoutInteractions)} of its rows have no interaction`,
    );
  if (users?.table && users.overlap) {
    const { withoutRow, withoutInteractions } = users.overlap;
    rows.push(
      `table of users: ${grouped(withoutRow)} users with interactions have no row in it, ` +
        `${grouped(withoutInteractions)} of its rows have no interaction`,
    );
    if (users.table.skipped > 0) rows.push(`${grouped(users.table.skipped)} unusable rows of it skipped`);
    if (users.table.spanned) rows.push(describeSpan(users.table.spanned));
  }
  rows.push(...describeVectors('item', vectors), ...(users ? describeVectors('user', users.vectors) : []));
  if (dropped.skipped > 0) rows.push(`${grouped(dropped.skipped)} unusable rows skipped`);
  if (dropped.spanned) rows.push(describeSpan(dropped.spanned));
  for (const { rule, rows: count } of dropped.removed)
    if (count > 0) rows.push(`${grouped(count)} rows dropped by ${rule}`);
  return rows.join('\n');
}

/** What is not clean about the targets, one line. */
export function describeLeakage({
  repeats,
  unknownItems,
  unknownUsers,
  targetsEarlierThanHistory,
}: Leakage): string {
  const parts = [
    `${grouped(repeats)} repeat the user's history (not evaluated)`,
    `${grouped(unknownItems)} items and ${grouped(unknownUsers)} users are unseen in training`,
  ];
  if (targetsEarlierThanHistory)
    parts.push(`${grouped(targetsEarlierThanHistory)} are older than the history`);
  return `validation targets: ${parts.join('; ')}`;
}

/** A row that was left out and may have taken others with it. */
export const describeSpan = ({ file, line, lines }: SpannedLines): string =>
  `one of them is a record of ${grouped(lines)} lines, from line ${line} of ${file} on: see whether a quote is missing`;

/** Values in a message. */
const SHOWN = 10;

/** Categories of new items that training never saw, a line for each column. */
export const describeUnseen = (unseen: AddedItems['unseen'], added: number): string[] =>
  Object.entries(unseen).map(([column, { items, values }]) => {
    const names = Object.entries(values).map(([value, count]) => `${JSON.stringify(value)} (${count})`);
    const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
    return `${column}: ${items} of ${added} items have a value that training did not know, read as missing: ${names.slice(0, SHOWN).join(', ')}${more}`;
  });

/** The figures of the data for a program; what there is none of is absent. */
export const datasetResult = (prepared: Prepared) => ({
  ...figuresOf(prepared),
  ...(prepared.feedback && { feedback: feedbackOf(prepared) }),
});

const figuresOf = ({ log, overlap, users, vectors, dropped: { skipped, spanned } }: Prepared) => ({
  users: log.users.size,
  items: log.items.size,
  interactions: log.user.length,
  ...(skipped > 0 && { skipped }),
  ...(spanned && { spanned }),
  ...(overlap &&
    overlap.withoutRow + overlap.withoutInteractions > 0 && {
      catalog: {
        items_without_row: overlap.withoutRow,
        rows_without_interactions: overlap.withoutInteractions,
      },
    }),
  ...(users?.table &&
    users.overlap && {
      user_table: {
        users_without_row: users.overlap.withoutRow,
        rows_without_interactions: users.overlap.withoutInteractions,
        ...(users.table.skipped > 0 && { skipped: users.table.skipped }),
      },
    }),
  ...vectorsResult({ item: vectors, ...(users && { user: users.vectors }) }),
});

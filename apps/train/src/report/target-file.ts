import type { ArtifactEvaluation } from '@towerkit/pipeline';

import { grouped, table } from './tables.js';

type Unknown = NonNullable<ArtifactEvaluation['unknown']>;
type Ratings = NonNullable<ArtifactEvaluation['ratings']>;
type Estimate = NonNullable<Ratings['errors']>['rmse'];

/** Users and items of a file of targets that the artifact does not know, in words. */
export const describeUnknown = ({ users, userRows, items, itemRows }: Unknown): string =>
  `not known: ${grouped(users)} users (${grouped(userRows)} rows), who are left out, and ${grouped(items)} items ` +
  `(${grouped(itemRows)} rows), which are targets that are missed`;

/** The same for `--json`. */
export const unknownResult = ({ users, userRows, items, itemRows }: Unknown) => ({
  users,
  user_rows: userRows,
  items,
  item_rows: itemRows,
});

const cell = ({ value, low, high }: Estimate): string =>
  low === null || high === null
    ? value.toFixed(4)
    : `${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;

/** Errors of predicted ratings. */
export function describeRatings({ known, unknown, errors, all }: Ratings): string {
  const rows = [['ratings', 'pairs', 'RMSE', 'MAE']];
  if (errors) rows.push(['known pairs', String(known), cell(errors.rmse), cell(errors.mae)]);
  if (all) rows.push(['all pairs', String(all.rmse.ratings), cell(all.rmse), cell(all.mae)]);
  const left = `pairs of unknown users: ${unknown.users}, of unknown items: ${unknown.items}`;
  const fallback = all
    ? `; among all pairs they are predicted as the mean of the training, ${all.mean.toFixed(4)}`
    : '';
  return `${table(rows)}\n${left}${fallback}`;
}

/** The same for `--json`: the errors of known pairs as `rmse` and `mae`. */
export const ratingsResult = ({ known, unknown, errors, all }: Ratings) => ({
  pairs: known,
  unknown_users: unknown.users,
  unknown_items: unknown.items,
  ...errors,
  ...(all && { all }),
});

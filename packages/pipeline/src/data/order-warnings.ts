import type { TwoTower } from '@towerkit/towers';

import type { Prepared } from './prepare.js';

/**
 * What to say where the user tower reads an order that the data does not have: rows with neither a time nor a position, or lines of
 * items that come split, as sets do.
 *
 * @returns one line, or none
 * @example
 * ```ts
 * for (const line of orderWarnings(prepared, model)) console.warn(line);
 * ```
 */
export function orderWarnings({ log, dataset }: Prepared, { user }: TwoTower): string[] {
  if (!user.readsOrder || log.time || log.position) return [];
  const interactions = 'source' in dataset ? dataset.source.interactions : undefined;
  if (interactions?.format === 'sequences' && !interactions.heldBack) return [];
  return [
    `warning: nothing says in which order ${dataset.name} happened, and the ${user.name} tower reads the order of the rows as that of time. ` +
      'Name a column of times or positions; for sets choose a tower that reads none, such as mlpTower over the history',
  ];
}

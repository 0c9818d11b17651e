import { isId, isMoment, type TowerInput, type TwoTower } from '@towerkit/towers';

import { badConfig } from '../config/check-config.js';

/** The table of a tower that has a row for each id. */
export interface IdTable {
  /** What training calls it, such as `item/id`. */
  readonly key: string;
  readonly table: Extract<TowerInput, { kind: 'embedding' }>;
}

/**
 * The table of ids that a side's vectors start from.
 *
 * @throws TowerkitError `BAD_CONFIG` for a tower that reads no ids
 */
export function idTable({ item, user }: Pick<TwoTower, 'item' | 'user'>, side: 'item' | 'user'): IdTable {
  const { inputs } = side === 'item' ? item : user;
  for (const [name, input] of Object.entries(inputs))
    if (input.kind === 'embedding' && isId(input) && !isMoment(input))
      return { key: `${side}/${name}`, table: input };
  throw badConfig(`start: the ${side} tower has no table of ${side} ids to start from other vectors`);
}

import { TowerkitError } from '@towerkit/core';

import { isId } from './input-dropout.js';
import { isMoment } from './layers/per-position.js';
import { RATING_BIAS } from './rating-head.js';
import type { Tower } from './tower.js';

/**
 * Checks that two towers fit together and declare nothing that a two-tower has a use of its own for.
 *
 * @param userBias whether users have a bias
 * @param history width of the history that the user tower is given
 * @throws TowerkitError `BAD_TOWER`
 */
export function checkTowers(
  item: Tower,
  user: Tower,
  { userBias, history }: { readonly userBias: boolean; readonly history: number },
): void {
  if (item.dimensions !== user.dimensions)
    throw new TowerkitError(
      'BAD_TOWER',
      `the item tower gives ${item.dimensions} values and the user tower ${user.dimensions}: they must agree`,
    );
  for (const [side, tower] of Object.entries({ item, user }))
    for (const [name, input] of Object.entries(tower.inputs)) {
      if (side === 'item' ? name === 'bias' || name === RATING_BIAS : name === 'bias' && userBias)
        throw new TowerkitError('BAD_TOWER', `an input of the ${side} tower cannot be named '${name}'`);
      if (isMoment(input) && (side === 'item' || isId(input)))
        throw new TowerkitError('BAD_TOWER', `${side}/${name} cannot belong to a moment`, {
          hint: "at: 'moment' is for categories and features that a user tower reads",
        });
      if (input.kind === 'history' && (side === 'item' || name !== 'history' || input.dimensions !== history))
        throw new TowerkitError(
          'BAD_TOWER',
          `a history must be an input named 'history' of the user tower, ${history} wide`,
        );
    }
}

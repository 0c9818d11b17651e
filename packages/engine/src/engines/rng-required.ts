import { TowerkitError } from '@towerkit/core';

/** Why a run without an `Rng` is refused; both engines say the same. */
export const rngRequired = (): TowerkitError =>
  new TowerkitError('RNG_REQUIRED', 'the function asks for random numbers, and run was given no Rng', {
    hint: 'Call run(feeds, rng), or compile the function without randomness for evaluation.',
  });

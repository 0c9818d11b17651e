import type { Reason } from '@towerkit/core';

import { weightiestFirst } from '../recommender/weightiest-first.js';

/** Reasons that say something: items that are no neighbours have none. The weightiest first. */
export const sortedReasons = (reasons: readonly Reason[]): Reason[] =>
  weightiestFirst(reasons.filter(({ weight }) => weight !== 0));

import type { StartReport } from '@towerkit/pipeline';

import { grouped } from './tables.js';

/** What vectors start from, one line. */
export const describeStart = ({ side, from, matched, fresh }: StartReport): string =>
  `start: vectors of ${grouped(matched)} ${side}s from ${from}; ${grouped(fresh)} ${side}s start anew`;

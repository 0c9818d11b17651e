import { badOption, positiveInteger } from '../../checks/options.js';
import type { IvfOptions } from './options.js';

/** What of the options is saved with an index. */
export type IvfSettings = Omit<IvfOptions, 'threads'> & Required<Pick<IvfOptions, 'nprobe' | 'seed'>>;

/** With defaults. @throws TowerkitError `BAD_OPTION` */
export function ivfSettings({ lists, nprobe = 16, seed = 0 }: IvfOptions): IvfSettings {
  if (lists !== undefined) positiveInteger('lists', lists, 65_536);
  positiveInteger('nprobe', nprobe, 65_536);
  if (!Number.isSafeInteger(seed)) throw badOption('seed', 'an integer', seed);
  return { ...(lists === undefined ? {} : { lists }), nprobe, seed };
}

/** How many lists so many items are cut into. */
export const listsOf = (items: number, { lists = Math.round(2 * Math.sqrt(items)) }: IvfSettings): number =>
  Math.max(1, Math.min(lists, items));

import { badOption, positiveInteger } from '../../checks/options.js';

/** Of the driver `ivf`, beside those that all have. */
export interface IvfOptions {
  /** Lists, 1 to 65,536; twice the square root of the number of items by default, and at most as many as items. */
  readonly lists?: number;
  /** Lists that a search looks into, 16 by default. */
  readonly nprobe?: number;
  /** Of the first centers, 0 by default. */
  readonly seed?: number;
  /** Threads of builds and batches; one per core by default, and at most. The lists are the same on any number. */
  readonly threads?: number;
}

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

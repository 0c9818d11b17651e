import { badOption, positiveInteger } from '../../checks/options.js';
import type { MilvusOptions } from './options.js';

/** The options with defaults, without the connection and ef. */
export type Settings = Required<Omit<MilvusOptions, 'address' | 'client' | 'ef'>>;

/** @throws TowerkitError `BAD_OPTION` */
export function settingsOf(options: MilvusOptions): Settings & { ef: number } {
  const { collection, m = 16, efConstruction = 128, ef = 64, batch = 1000 } = options;
  const { timeout = 30_000, buildTimeout = 3_600_000 } = options;
  if (typeof collection !== 'string' || !/^[A-Za-z_]\w{0,199}$/.test(collection))
    throw badOption('collection', '1 to 200 letters, digits and _, no digit first', collection);
  positiveInteger('m', m, 2048);
  if (m < 2) throw badOption('m', 'at least 2', m);
  positiveInteger('efConstruction', efConstruction, 100_000);
  positiveInteger('ef', ef, 1000);
  positiveInteger('batch', batch, 10_000);
  positiveInteger('timeout', timeout, 2 ** 31 - 1);
  positiveInteger('buildTimeout', buildTimeout, 2 ** 31 - 1);
  return { collection, m, efConstruction, ef, batch, timeout, buildTimeout };
}

import { badOption, positiveInteger } from '../../checks/options.js';
import type { HnswOptions } from './options.js';

/** What of the options is saved with an index. */
export type HnswSettings = Required<Omit<HnswOptions, 'threads'>>;

const PRECISIONS: readonly unknown[] = ['f32', 'f16', 'i8'];

/** With defaults. @throws TowerkitError `BAD_OPTION` */
export function hnswSettings({
  connectivity = 16,
  efConstruction = 200,
  ef = 64,
  precision = 'f32',
}: HnswOptions): HnswSettings {
  positiveInteger('connectivity', connectivity, 1_024);
  positiveInteger('efConstruction', efConstruction, 65_536);
  positiveInteger('ef', ef, 65_536);
  if (!PRECISIONS.includes(precision)) throw badOption('precision', 'f32, f16 or i8', precision);
  return { connectivity, efConstruction, ef, precision };
}

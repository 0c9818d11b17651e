import { badOption, positiveInteger } from '../../checks/options.js';
import type { PgvectorOptions } from './options.js';

/** The options with defaults, without the connection and ef. */
export type Settings = Required<Omit<PgvectorOptions, 'connection' | 'ef'>>;

/** PostgreSQL cuts longer names off; a table that is being built has a longer one. */
const LONGEST_TABLE = 40;

/** @throws TowerkitError `BAD_OPTION` */
export function settingsOf(options: PgvectorOptions): Settings & { ef: number } {
  const { table, schema = 'public', m = 16, ef = 64, batch = 500, connections = 4 } = options;
  const { timeout = 30_000, buildTimeout = 3_600_000 } = options;
  const { efConstruction = Math.max(64, 2 * m) } = options;
  name('table', table, LONGEST_TABLE);
  name('schema', schema, 63);
  positiveInteger('m', m, 100);
  if (m < 2) throw badOption('m', 'at least 2', m);
  positiveInteger('efConstruction', efConstruction, 1000);
  if (efConstruction < 2 * m) throw badOption('efConstruction', `at least 2 m, ${2 * m}`, efConstruction);
  positiveInteger('ef', ef, 1000);
  positiveInteger('batch', batch, 10_000);
  positiveInteger('connections', connections, 1000);
  positiveInteger('timeout', timeout, 2 ** 31 - 1);
  positiveInteger('buildTimeout', buildTimeout, 2 ** 31 - 1);
  return { table, schema, m, efConstruction, ef, batch, connections, timeout, buildTimeout };
}

function name(option: string, value: unknown, longest: number): void {
  const bytes = typeof value === 'string' && !value.includes('\0') ? Buffer.byteLength(value) : 0;
  if (bytes < 1 || bytes > longest) throw badOption(option, `a name of 1 to ${longest} bytes`, value);
}

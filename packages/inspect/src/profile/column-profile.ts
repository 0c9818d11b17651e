import type { TimeForm, TimeUnit } from './times.js';

/** What the values of a column look like. Shares are of its values that are not missing. */
export interface ColumnProfile {
  readonly name: string;
  /** Place in the file. */
  readonly place: number;
  /** Type that a Parquet file declares, or what JSON's values are. */
  readonly declared?: string;
  readonly rows: number;
  /** Rows with a value; words such as `nan` are none. */
  readonly filled: number;
  /** Different values. */
  readonly distinct: number;
  readonly top?: { readonly value: string; readonly rows: number };
  /** Some different values, in the order of the file. */
  readonly examples: readonly string[];
  /** Share of numbers, and of numbers that say their decimals behind a comma. */
  readonly numbers: number;
  readonly commas: number;
  /** Share of whole numbers among the numbers. */
  readonly whole: number;
  /** Share of digits with zeros before, such as `007`. */
  readonly padded: number;
  readonly least?: number;
  readonly most?: number;
  readonly median?: number;
  /** Most decimals that a number has. */
  readonly decimals: number;
  /** Mean number of words, and of characters. */
  readonly words: number;
  readonly length: number;
  readonly urls: number;
  readonly images: number;
  readonly emails: number;
  /** Share of times of day, such as `10:05`. */
  readonly clocks: number;
  readonly uuids: number;
  readonly time?: TimeForm;
  /** Units that its numbers may be times in, with shares. */
  readonly units: ReadonlyMap<TimeUnit, number>;
  /** Whether its cells are JSON arrays; with the keys of their objects, where they are arrays of such. */
  readonly arrays: boolean;
  readonly objects?: readonly string[];
  /** What separates names in a cell of several; of JSON arrays, whatever they are read by. */
  readonly list?: { readonly separator: string; readonly names: number };
  /** Values, if there are few. */
  readonly values?: readonly string[];
}

/** Whether (nearly) all values are numbers. */
export const isNumeric = ({ numbers, commas, filled }: ColumnProfile): boolean =>
  filled > 0 && Math.max(numbers, commas) > 0.98;

/** Mean rows of a value. */
export const repeated = ({ filled, distinct }: ColumnProfile): number => filled / Math.max(distinct, 1);

/** Whether (nearly) no value comes twice. */
export const isUnique = ({ filled, distinct, rows }: ColumnProfile): boolean =>
  filled > 0.98 * rows && distinct > 0.97 * filled;

/** Numbers that are (nearly) all times since 1970. */
export const isTime = ({ units, distinct }: ColumnProfile): boolean =>
  distinct > 10 && Math.max(0, ...units.values()) > 0.98;

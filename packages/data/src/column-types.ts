import {
  BOOLEAN,
  DOUBLE,
  FLOAT,
  INTEGER,
  LIST,
  VARCHAR,
  DuckDBListValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';

/** What a column holds. */
export type FeatureKind = 'text' | 'number' | 'date';

/** Types a column of a table file may have. */
export type ColumnType =
  'VARCHAR' | 'INTEGER' | 'FLOAT' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR[]' | 'INTEGER[]' | 'FLOAT[]' | 'DOUBLE[]';

const TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  VARCHAR,
  INTEGER,
  FLOAT,
  DOUBLE,
  BOOLEAN,
  'VARCHAR[]': LIST(VARCHAR),
  'INTEGER[]': LIST(INTEGER),
  'FLOAT[]': LIST(FLOAT),
  'DOUBLE[]': LIST(DOUBLE),
};

/**
 * Values of a column, null for none: strings, numbers, booleans, or (for list types) arrays of them; typed
 * arrays serve as columns of numbers and as lists.
 */
export type ColumnValues = ArrayLike<string | number | boolean | null | ArrayLike<string | number>>;

export const isColumnType = (type: string): type is ColumnType => Object.hasOwn(TYPES, type);

export const duckdbType = (type: ColumnType): DuckDBType => TYPES[type];

/** A value as the appender takes it. */
export const duckdbValue = (value: ColumnValues[number] | undefined): DuckDBValue =>
  value == null ? null : typeof value === 'object' ? new DuckDBListValue(Array.from(value)) : value;

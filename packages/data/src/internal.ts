// For packages of this repository alone, not stable: DuckDB and files as this package opens them.
export { eachChunk, identifier, literal, pathLiteral, readable, rowsOf, withDuckDB } from './duckdb.js';
export { beginningOf, bytesOf, openInput, type InputFile } from './input-file.js';
export { scanRecords, valuesOf, type Dialect } from './csv-records.js';
export { secondsOf } from './iso-time.js';
export { numberIn, timeIn, type Writing } from './writing.js';
export { parquetColumns, parquetRows } from './parquet-source.js';
export { requireText } from './plain-text.js';
export { openSource } from './open-source.js';
export type { RecordFormat, Source } from './source.js';
export { columnsOf } from './csv-source.js';
export { formatByName } from './format.js';

export { RowTable, type RowTableOptions } from './table/row-table.js';
export type { AdamStep } from './table/adam-factors.js';
export type { Backend } from './table/open-store.js';

export { FlatScan, type FlatScanOptions } from './search/flat-scan.js';
export type { ScanResult } from './search/workspace.js';
export { ListScan, type StoredLists } from './search/list-scan.js';
export type { ErrorCode } from './error-code.js';

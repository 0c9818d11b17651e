export { RowTable, type RowTableOptions } from './row-table.js';
export type { AdamStep } from './adam-factors.js';
export type { Backend } from './open-store.js';

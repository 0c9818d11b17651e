import type { RecordFormat } from '@towerkit/data';

/** How a file stores its rows, told from its bytes. */
export interface Layout extends RecordFormat {
  readonly format: NonNullable<RecordFormat['format']>;
  /** What is odd about its text, such as lines in two encodings. */
  readonly oddities: readonly string[];
}
